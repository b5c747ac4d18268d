package dev.stillhouse.pipeline.corpus;

import com.github.luben.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** How a text or jsonl file is stored, known by a second suffix. */
public enum Compression {
  /** As it is. */
  NONE(""),
  /** One gzip member or several, as {@code cat a.gz b.gz} makes them. */
  GZIP(".gz"),
  /** One zstd frame or several. */
  ZSTD(".zst");

  /**
   * The largest window of a zstd frame, 2^27 = 128 MiB: what the {@code zstd} command reads unless
   * it is told otherwise, and what its highest level writes.
   */
  private static final int ZSTD_WINDOW_LOG = 27;

  /** What a file's name ends with. */
  final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** The compression that a file's name tells. */
  static Compression of(String fileName) {
    for (Compression compression : values()) {
      if (compression != NONE && fileName.endsWith(compression.suffix)) {
        return compression;
      }
    }
    return NONE;
  }

  /** What decides the documents besides the format's own settings, as text for hashes. */
  String settings() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT) + " ";
  }

  /**
   * The inflated bytes. Memory is that of one window, whatever the ratio.
   *
   * @return a stream that throws {@link EOFException} where the stored bytes end too early, and
   *     another {@link IOException} where they are wrong
   */
  InputStream inflate(InputStream stored) throws IOException {
    return switch (this) {
      case NONE -> stored;
      case GZIP -> new GzipInput(stored);
      case ZSTD -> new ZstdInputStream(stored).setLongMax(ZSTD_WINDOW_LOG);
    };
  }

  /** Whether an error of {@link #inflate} says that the stored bytes end too early. */
  static boolean truncated(IOException e) {
    return e instanceof EOFException || String.valueOf(e.getMessage()).startsWith("Truncated");
  }
}

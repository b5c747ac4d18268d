package dev.stillhouse.pipeline.corpus;

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

  /** What a file's name ends with. */
  final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** The compression that a file's name tells, in letters of either case. */
  public static Compression of(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    for (Compression compression : values()) {
      if (compression != NONE && name.endsWith(compression.suffix)) {
        return compression;
      }
    }
    return NONE;
  }

  /** What decides the documents besides the format's own settings, as text for hashes. */
  public String settings() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT) + " ";
  }

  /**
   * The inflated bytes. Memory is that of one window, whatever the ratio.
   *
   * @return a stream that throws {@link EOFException} where the stored bytes end too early, and an
   *     {@link UnreadStreamException} where they are not read here, and another {@link IOException}
   *     where they are wrong
   */
  InputStream inflate(InputStream stored) throws IOException {
    return switch (this) {
      case NONE -> stored;
      case GZIP -> new GzipInput(stored);
      case ZSTD -> ZstdFrames.open(stored);
    };
  }

  /** Whether an error of {@link #inflate} says that the stored bytes end too early. */
  static boolean truncated(IOException e) {
    return e instanceof EOFException || String.valueOf(e.getMessage()).startsWith("Truncated");
  }
}

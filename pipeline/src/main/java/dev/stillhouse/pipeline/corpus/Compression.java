package dev.stillhouse.pipeline.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The compression of a text or jsonl file, known by a second suffix. */
public enum Compression {
  /** No compression. */
  NONE(""),
  /** One gzip member or several, as {@code cat a.gz b.gz} makes them. */
  GZIP(".gz"),
  /** One zstd frame or several. */
  ZSTD(".zst");

  /** End of such files' names. */
  final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** Returns the compression that a file's name shows, in letters of either case. */
  public static Compression of(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    for (Compression compression : values()) {
      if (compression != NONE && name.endsWith(compression.suffix)) {
        return compression;
      }
    }
    return NONE;
  }

  /**
   * Returns the settings that decide the documents besides the format's own, as text for hashes.
   */
  public String settings() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT) + " ";
  }

  /**
   * Returns the inflated bytes. Memory is one window, whatever the ratio.
   *
   * @return a stream that throws {@link EOFException} if the stored bytes end too early, an {@link
   *     UnreadStreamException} if they are of a kind that is not read here, and another {@link
   *     IOException} if they are wrong
   */
  InputStream inflate(InputStream stored) throws IOException {
    return switch (this) {
      case NONE -> stored;
      case GZIP -> new GzipInput(stored);
      case ZSTD -> ZstdFrames.open(stored);
    };
  }

  /** Returns whether an error of {@link #inflate} says that the stored bytes end too early. */
  static boolean truncated(IOException e) {
    return e instanceof EOFException || String.valueOf(e.getMessage()).startsWith("Truncated");
  }
}

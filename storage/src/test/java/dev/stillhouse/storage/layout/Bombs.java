package dev.stillhouse.storage.layout;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** Bombs: zstd of zeros, far smaller than what comes of it. */
final class Bombs {
  private Bombs() {}

  /** {@code bytes} zeros as zstd. */
  static byte[] zeros(long bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] some = new byte[1 << 20];
    try (ZstdOutputStream zstd = new ZstdOutputStream(out, 1)) {
      for (long left = bytes; left > 0; left -= some.length) {
        zstd.write(some, 0, (int) Math.min(left, some.length));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A prior's text of {@code bytes} zeros. */
  static String ofZeros(int bytes) {
    return Base64.getEncoder().encodeToString(zeros(bytes));
  }
}

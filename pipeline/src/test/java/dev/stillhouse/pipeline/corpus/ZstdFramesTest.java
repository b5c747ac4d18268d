package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.common.primitives.Bytes;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ZstdFramesTest {
  private static final byte[] MAGIC = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

  @TempDir Path directory;

  /** A frame of one raw block, whose header asks for a window of 2^log bytes. */
  private static byte[] frame(int log, String text) {
    byte[] content = text.getBytes(UTF_8);
    int block = 1 | (content.length << 3);
    return Bytes.concat(
        MAGIC,
        new byte[] {0, (byte) ((log - 10) << 3)},
        new byte[] {(byte) block, (byte) (block >> 8), (byte) (block >> 16)},
        content);
  }

  private static String read(byte[] stored, long limit) throws IOException {
    try (InputStream in = ZstdFrames.open(new ByteArrayInputStream(stored), limit)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void windowsUpToTheLimitAreRead() throws IOException {
    for (int log : new int[] {10, 27, 28, 31}) {
      assertEquals("text", read(frame(log, "text"), 1L << 31));
    }
    // The first frame decides; smaller ones may follow, and frames that are to be skipped lead.
    assertEquals("ab", read(Bytes.concat(frame(28, "a"), frame(27, "b")), 1L << 31));
    byte[] skipped = {0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9};
    assertEquals("a", read(Bytes.concat(skipped, frame(20, "a")), 1L << 31));
  }

  @Test
  void aLargerWindowIsNamedWithWhatToDo() {
    Exception error = assertThrows(IOException.class, () -> read(frame(28, "text"), 1L << 27));
    assertTrue(
        error.toString().contains("its window has 256 MiB; read are windows up to 128 MiB")
            && error.toString().contains("zstd -d --long=31"),
        error.toString());
    Exception later =
        assertThrows(
            IOException.class, () -> read(Bytes.concat(frame(20, "a"), frame(28, "b")), 1L << 31));
    assertTrue(later.toString().contains("a later frame has a larger window"), later.toString());
  }

  @Test
  @Timeout(60)
  void memoryOfAFileThatIsClosedIsFreeAgain() throws IOException {
    // Together they would have ten times what larger windows may have.
    for (int i = 0; i < 10; i++) {
      assertEquals("text", read(frame(30, "text"), 1L << 31));
    }
  }

  @Test
  void aDictionaryIsNamed() {
    byte[] dictionary = new byte[4096];
    long length = Zstd.trainFromBuffer(samples(), dictionary);
    assertTrue(!Zstd.isError(length), Zstd.getErrorName(length));
    dictionary = Arrays.copyOf(dictionary, (int) length);
    byte[] packed = Zstd.compressUsingDict("Call me Ishmael.".getBytes(UTF_8), dictionary, 3);
    Path file = Corpora.write(directory, "a.txt.zst", packed);
    String message =
        Corpora.failure(
            DataException.class, () -> Corpora.read(Corpora.fileSplit(file), Corpora.OPTIONS));
    assertTrue(
        message.contains("a.txt.zst: the zstd stream was made with a dictionary")
            && !message.contains("anew"),
        message);
  }

  private static byte[][] samples() {
    byte[][] samples = new byte[2000][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = ("sample " + i * 31 + " of some text, number " + i).getBytes(UTF_8);
    }
    return samples;
  }
}

package dev.stillhouse.pipeline.formats.maxtext;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.stillhouse.pipeline.formats.ImportFormatContract;
import dev.stillhouse.pipeline.formats.Imports;
import dev.stillhouse.pipeline.formats.ToolSequence;
import dev.stillhouse.pipeline.job.imports.ImportRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract of MaxText's files, from a container that is written here by its description. */
class MaxTextContractTest {
  private static final int BLOCK = 1 << 16;

  /** Records in a container. */
  abstract static class Container extends ImportFormatContract {
    /** One entry has all of the mass where the kept entries are normalised: take what is left. */
    @Override
    protected List<ToolSequence> kept() {
      return ToolSequence.allKept(super.kept());
    }

    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return Files.write(folder.resolve("kept.array_record"), container(records(kept)));
    }

    /** Returns the records of a file. */
    List<byte[]> records(List<ToolSequence> kept) {
      return kept.stream().map(MaxTextContractTest::example).toList();
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.normalised(Imports.request("maxtext", fixture, out, Optional.empty()));
    }

    @Override
    protected double tolerance() {
      return 1e-5; // Log-probs are made anew, in double.
    }
  }

  /** Files that are damaged under their hashes. */
  @Nested
  class Hashed extends Container {
    @Override
    protected boolean checksummed() {
      return true;
    }
  }

  /** Records that are damaged before their hashes are made. */
  @Nested
  class Inside extends Container {
    @Override
    protected byte[] damage(byte[] right, Random random) {
      List<byte[]> records = new ArrayList<>(records(kept()));
      int which = random.nextInt(records.size());
      records.set(which, damaged(records.get(which), random));
      return container(records);
    }
  }

  /** Pickled arrays, damaged as the records of {@link Inside}. */
  @Nested
  class Pickled extends Inside {
    @Override
    List<byte[]> records(List<ToolSequence> kept) {
      return kept.stream().map(MaxTextContractTest::pickle).toList();
    }
  }

  /** From the test vectors of the container's own library: the hash of its first chunk's header. */
  @Test
  void theHashIsThatOfRealFiles() {
    byte[] header = new byte[32];
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    in.putLong(8, 0x72c3b1e9c0139fe1L);
    in.putLong(16, 's');
    assertEquals(0xa9e187923cc2ba91L, HighwayHash.of(header, 0, 32));
    assertEquals(0x72c3b1e9c0139fe1L, HighwayHash.of(new byte[0], 0, 0));
  }

  private static byte[] container(List<byte[]> records) {
    ByteArrayOutputStream sizes = new ByteArrayOutputStream();
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (byte[] record : records) {
      varint(sizes, record.length);
      values.writeBytes(record);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    chunk(file, 's', 0, new byte[0], 0);
    chunk(file, 'r', records.size(), simple(sizes, values), values.size());
    int end = file.size();
    file.writeBytes(new byte[BLOCK - file.size() % BLOCK]);
    ByteArrayOutputStream last = new ByteArrayOutputStream();
    last.write(8);
    varint(last, end);
    ByteArrayOutputStream lengths = new ByteArrayOutputStream();
    varint(lengths, last.size());
    int start = file.size();
    chunk(file, 'r', 1, simple(lengths, last), last.size());
    file.writeBytes(new byte[start + BLOCK - file.size()]);
    return file.toByteArray();
  }

  private static byte[] simple(ByteArrayOutputStream sizes, ByteArrayOutputStream values) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write(0);
    varint(data, sizes.size());
    data.writeBytes(sizes.toByteArray());
    data.writeBytes(values.toByteArray());
    return data.toByteArray();
  }

  /** Writes a chunk, with the headers of the blocks that it begins. */
  private static void chunk(
      ByteArrayOutputStream file, char type, int records, byte[] data, long decoded) {
    ByteBuffer header = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(8, data.length);
    header.putLong(16, HighwayHash.of(data, 0, data.length));
    header.putLong(24, type | (long) records << 8);
    header.putLong(32, decoded);
    header.putLong(0, HighwayHash.of(header.array(), 8, 32));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header.array());
    all.writeBytes(data);
    for (byte value : all.toByteArray()) {
      if (file.size() % BLOCK == 0) {
        byte[] block = new byte[24];
        ByteBuffer in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        in.putLong(0, HighwayHash.of(block, 8, 16));
        file.writeBytes(block);
      }
      file.write(value);
    }
  }

  private static void varint(ByteArrayOutputStream out, long number) {
    long left = number;
    while (left > 127) {
      out.write((int) ((left & 127) | 128));
      left >>>= 7;
    }
    out.write((int) left);
  }

  private static byte[] example(ToolSequence one) {
    int n = one.tokens().length;
    int k = one.ids()[0].length;
    long[] tokens = new long[n];
    long[] ids = new long[n * k];
    ByteBuffer logits = ByteBuffer.allocate(4 * n * k).order(ByteOrder.LITTLE_ENDIAN);
    for (int t = 0; t < n; t++) {
      tokens[t] = one.tokens()[t];
      for (int e = 0; e < k; e++) {
        ids[t * k + e] = one.ids()[t][e];
        logits.putFloat(one.logProbs()[t][e] + 7); // Logits are known up to a number.
      }
    }
    return message(
        1,
        message(
            feature("tokens", integers(tokens)),
            feature("top_k_indices", integers(ids)),
            feature("top_k_logits", message(2, message(1, logits.array())))));
  }

  /** Returns a dict of numpy's arrays, as Python's pickle protocol 2 has it. */
  private static byte[] pickle(ToolSequence one) {
    int n = one.tokens().length;
    int k = one.ids()[0].length;
    ByteBuffer tokens = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer ids = ByteBuffer.allocate(4 * n * k).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer logits = ByteBuffer.allocate(4 * n * k).order(ByteOrder.LITTLE_ENDIAN);
    for (int t = 0; t < n; t++) {
      tokens.putInt(one.tokens()[t]);
      for (int e = 0; e < k; e++) {
        ids.putInt(one.ids()[t][e]);
        logits.putFloat(one.logProbs()[t][e] + 7);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    raw(out, 0x80, 2, '}', '(');
    array(out, "tokens", "i4", tokens.array(), n);
    array(out, "top_k_indices", "i4", ids.array(), n, k);
    array(out, "top_k_logits", "f4", logits.array(), n, k);
    raw(out, 'u', '.');
    return out.toByteArray();
  }

  private static void array(
      ByteArrayOutputStream out, String name, String type, byte[] bytes, int... shape) {
    text(out, name);
    line(out, "cnumpy.core.multiarray\n_reconstruct\n");
    line(out, "cnumpy\nndarray\n");
    raw(out, 'K', 0, 0x85);
    text(out, "b");
    raw(out, 0x87, 'R', '(', 'K', 1, '(');
    for (int axis : shape) {
      raw(out, 'K', axis);
    }
    raw(out, 't');
    line(out, "cnumpy\ndtype\n");
    text(out, type);
    raw(out, 0x89, 0x88, 0x87, 'R', '(', 'K', 3);
    text(out, "<");
    raw(out, 'N', 'N', 'N', 't', 'b', 0x89, 'B');
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
    out.writeBytes(bytes);
    raw(out, 't', 'b');
  }

  private static void text(ByteArrayOutputStream out, String text) {
    raw(out, 0x8c, text.length());
    line(out, text);
  }

  private static void line(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void raw(ByteArrayOutputStream out, int... codes) {
    for (int code : codes) {
      out.write(code);
    }
  }

  private static byte[] integers(long[] values) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (long value : values) {
      varint(packed, value);
    }
    return message(3, message(1, packed.toByteArray()));
  }

  private static byte[] feature(String name, byte[] value) {
    return message(
        1,
        message(
            message(1, name.getBytes(java.nio.charset.StandardCharsets.UTF_8)), message(2, value)));
  }

  private static byte[] message(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] message(int field, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.writeBytes(field, ByteString.copyFrom(value));
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

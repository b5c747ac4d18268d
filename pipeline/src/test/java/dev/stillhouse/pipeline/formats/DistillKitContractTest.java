package dev.stillhouse.pipeline.formats;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import dev.stillhouse.pipeline.job.imports.ImportRequest;
import dev.stillhouse.storage.parquet.Fields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Nested;

/** The contract of DistillKit's forms, from files that were packed here by their description. */
class DistillKitContractTest {
  private static final int K = 5;
  private static final int ID_BITS = 10;

  /** All values as they are, in float32. */
  @Nested
  class Exact extends ImportFormatContract {
    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      settings(folder, K, "residual_bins: []\n", false);
      return current(folder, kept, K, 0);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request("distillkit", fixture, out, Optional.empty());
    }

    @Override
    protected boolean checksummed() {
      return true;
    }
  }

  /** Two exact values, three residuals of 8 bits, all of them differences. */
  @Nested
  class Quantised extends ImportFormatContract {
    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      String bins =
          "residual_bins:\n- element_bits: 8\n  num_elements: 3\n  scale_dtype: float32\n";
      settings(folder, 2, bins, true);
      return current(folder, kept, 2, 3);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      ImportRequest told = Imports.request("distillkit", fixture, out, Optional.empty());
      return Imports.bounded(told, OptionalDouble.of(0.05));
    }

    @Override
    protected double tolerance() {
      return 0.05; // Three halves of a step of some 4 / 128 nats.
    }

    @Override
    protected boolean checksummed() {
      return true;
    }
  }

  /** The legacy form, all values exact. */
  @Nested
  class Legacy extends ImportFormatContract {
    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      Files.writeString(
          folder.resolve("compression_config.yaml"),
          "k: 5\nexact_k: 5\npolynomial_degree: 2\nvocab_size: 1000\n");
      return legacy(folder, kept);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request("distillkit", fixture, out, Optional.empty(), "values", "log_probs");
    }

    @Override
    protected boolean checksummed() {
      return true;
    }
  }

  private static void settings(Path folder, int exact, String bins, boolean delta)
      throws IOException {
    Files.writeString(
        folder.resolve("compression_config.yaml"),
        "d: 1000\nk: 5\nexact_k: "
            + exact
            + "\nexact_dtype: float32\npolynomial_terms: null\n"
            + "term_dtype: float32\n"
            + bins
            + "delta_encoding: "
            + delta
            + "\nerror_diffusion: false\nnormalize_t: false\n");
  }

  /** Writes the current form: values of a row, best first, and ids of ten bits. */
  private static Path current(Path folder, List<ToolSequence> kept, int exact, int residuals)
      throws IOException {
    MessageType schema =
        new MessageType(
            "rows",
            Fields.list("input_ids", Fields.element(INT64)),
            Fields.list("compressed_logprobs", Fields.list("element", Fields.element(INT32))),
            Fields.list("bytepacked_indices", Fields.list("element", Fields.element(INT32))));
    return ColumnFixtures.write(
        folder.resolve("data_0.parquet"),
        schema,
        kept,
        (one, out) -> {
          tokens(one, out);
          bytes(
              out, "compressed_logprobs", 1, one, t -> values(one.logProbs()[t], exact, residuals));
          bytes(out, "bytepacked_indices", 2, one, t -> ids(one.ids()[t]));
        });
  }

  private static byte[] values(float[] logProbs, int exact, int residuals) {
    ByteBuffer to =
        ByteBuffer.allocate(4 * exact + (residuals == 0 ? 0 : 4 + residuals))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (residuals == 0) {
      for (float logProb : logProbs) {
        to.putFloat(logProb);
      }
      return to.array();
    }
    float before = 0;
    float[] steps = new float[logProbs.length];
    for (int i = 0; i < logProbs.length; i++) {
      steps[i] = logProbs[i] - before;
      before = logProbs[i];
    }
    float scale = 0;
    for (int i = exact; i < steps.length; i++) {
      scale = Math.max(scale, Math.abs(steps[i]) / 127);
    }
    for (int i = 0; i < exact; i++) {
      to.putFloat(steps[i]);
    }
    to.putFloat(scale);
    for (int i = exact; i < steps.length; i++) {
      to.put((byte) (Math.round(steps[i] / scale) + 128));
    }
    return to.array();
  }

  /** Packs ids of ten bits, the highest bit first. */
  private static byte[] ids(int[] ids) {
    byte[] bytes = new byte[(ids.length * ID_BITS + 7) / 8];
    int at = 0;
    for (int id : ids) {
      for (int bit = ID_BITS - 1; bit >= 0; bit--, at++) {
        bytes[at >> 3] |= (byte) ((id >> bit & 1) << (7 - (at & 7)));
      }
    }
    return bytes;
  }

  private static Path legacy(Path folder, List<ToolSequence> kept) throws IOException {
    MessageType schema =
        new MessageType(
            "rows",
            Fields.list("input_ids", Fields.element(INT64)),
            Fields.list("packed_indices", Fields.list("element", Fields.element(INT64))),
            Fields.list("exact_values", Fields.list("element", Fields.element(FLOAT))),
            Fields.list("coeffs", Fields.list("element", Fields.element(FLOAT))));
    return ColumnFixtures.write(
        folder.resolve("data_0.parquet"),
        schema,
        kept,
        (one, out) -> {
          tokens(one, out);
          nested(
              out,
              "packed_indices",
              1,
              one,
              t -> 1,
              (t, i) -> {
                long packed = 0; // Six ids of ten bits fit; the first lies lowest.
                for (int e = 0; e < K; e++) {
                  packed |= (long) one.ids()[t][e] << (ID_BITS * e);
                }
                longs(out, packed);
              });
          nested(
              out,
              "exact_values",
              2,
              one,
              t -> K,
              (t, i) -> Fields.real(out, "element", 0, one.logProbs()[t][i]));
          nested(out, "coeffs", 3, one, t -> 0, (t, i) -> {});
        });
  }

  private interface Bytes {
    byte[] of(int position);
  }

  private interface Count {
    int of(int position);
  }

  private interface Element {
    void write(int position, int index);
  }

  private static void tokens(ToolSequence one, RecordConsumer out) {
    Fields.list(out, "input_ids", 0, 0, one.tokens().length, i -> longs(out, one.tokens()[i]));
  }

  private static void longs(RecordConsumer out, long value) {
    out.startField("element", 0);
    out.addLong(value);
    out.endField("element", 0);
  }

  /** Writes bytes for each position but the last: a server scores no token behind the text. */
  private static void bytes(
      RecordConsumer out, String name, int field, ToolSequence one, Bytes bytes) {
    nested(
        out,
        name,
        field,
        one,
        t -> bytes.of(t).length,
        (t, i) -> Fields.integer(out, "element", 0, bytes.of(t)[i] & 0xFF));
  }

  private static void nested(
      RecordConsumer out, String name, int field, ToolSequence one, Count count, Element element) {
    Fields.list(
        out,
        name,
        field,
        0,
        one.tokens().length - 1,
        t -> {
          out.startField("element", 0);
          Fields.elements(out, 0, count.of(t), i -> element.write(t, i));
          out.endField("element", 0);
        });
  }
}

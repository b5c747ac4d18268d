package dev.stillhouse.pipeline.teacher.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.pipeline.tokenizer.TextEncoder;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One model by every way: in this process, over Flight as whole rows and as statistics, and as a
 * dump. The ids are equal; log-probs differ by what two builds of the runtime round.
 */
@Timeout(240)
class MinigptFlightTest {
  private static final String ONNX = "onnx:../testdata/minigpt/model.onnx,context=64";
  private static final StatisticSpec SPEC =
      StatisticSpec.parse("top-k:16+sample:8,seed=3+target+normaliser-at:2.0");
  private static final int LENGTH = 48;

  /** Nats between two calls of the model whose shapes, threads or builds differ. */
  private static final double ENGINES = 2e-4;

  @TempDir private Path folder;

  @Test
  void allWaysGiveTheSameIdsAndNearLogProbs() throws IOException {
    PythonTeacher.assumeModule("onnxruntime");
    TokenBatch batch = text();
    try (PythonTeacher server =
            PythonTeacher.start(
                List.of(
                    "--module", "src/test/resources/flight/minigpt.py:logits", "--context", "64"));
        Teacher onnx = open(ONNX);
        Teacher dense = open(server.name + ",dense=own");
        Teacher reduced = open(server.name)) {
      Selection selection = new Selection(onnx.vocabulary(), SPEC, ImmutableIntArray.of());
      StatisticsBatch here = read(onnx, selection, batch);
      StatisticsBatch rows = read(dense, selection, batch);
      StatisticsBatch statistics = read(reduced, selection, batch);
      FlightStatisticsTest.near(SPEC, rows, statistics); // Equal logits: the kernels alone differ.
      near(here, rows);
      near(here, statistics);
      dump((DenseTeacher) onnx, batch);
      try (Teacher dumped = open("logits:" + folder.resolve("dump.npy"))) {
        FlightStatisticsTest.near(SPEC, here, read(dumped, selection, batch));
      }
    }
  }

  private static Teacher open(String name) {
    TeacherName parsed = TeacherName.parse(name);
    return Teachers.named(parsed.name()).open(parsed.argument(), Optional.empty());
  }

  private static StatisticsBatch read(Teacher teacher, Selection selection, TokenBatch batch) {
    return teacher instanceof DenseTeacher dense
        ? new StatisticsAssembler(dense, selection).read(batch)
        : ((ReducedTeacher) teacher).read(batch, selection);
  }

  /** Two ids whose logits nearly tie may change places, so each entry is looked up. */
  private static void near(StatisticsBatch one, StatisticsBatch two) {
    int missing = 0;
    for (int slot = 0; slot < one.tokens().slots(); slot++) {
      for (int e = one.offsets()[slot]; e < one.offsets()[slot + 1]; e++) {
        int there = two.find(slot, one.ids()[e]);
        missing += there < 0 ? 1 : 0;
        if (there >= 0) {
          assertEquals(one.logProbs()[e], two.logProbs()[there], ENGINES, "slot " + slot);
        }
      }
      if (!one.tokens().padding(slot)) {
        assertEquals(one.logTail()[slot], two.logTail()[slot], 10 * ENGINES, "slot " + slot);
        assertEquals(one.entropy()[slot], two.entropy()[slot], ENGINES, "slot " + slot);
      }
    }
    assertTrue(missing <= 2, missing + " of " + one.entries() + " entries differ");
  }

  private static TokenBatch text() throws IOException {
    String line =
        Files.readAllLines(Path.of("../testdata/minigpt/moby-dick-held-out.jsonl")).get(3);
    List<Integer> ids = new ArrayList<>();
    TextEncoder encoder = Tokenizers.named("gpt2").encoder("text", ids::add);
    encoder.text(line);
    encoder.end();
    int rows = Math.min(4, ids.size() / LENGTH);
    int[] tokens = ids.stream().mapToInt(id -> id).limit((long) rows * LENGTH).toArray();
    int[] segments = new int[tokens.length];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = i % LENGTH < 20 ? 0 : 1;
    }
    segments[segments.length - 1] = TokenBatch.PADDING;
    tokens[tokens.length - 1] = 0;
    return new TokenBatch(0, LENGTH, tokens, segments);
  }

  private void dump(DenseTeacher teacher, TokenBatch batch) throws IOException {
    int width = teacher.vocabulary();
    float[] all = new float[batch.slots() * width];
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        float[] rows = new float[block.count() * width];
        block.rows().get(0, rows, rows.length);
        System.arraycopy(rows, 0, all, block.firstSlot() * width, rows.length);
        block.close();
      }
    }
    ByteBuffer logits =
        ByteBuffer.allocate(all.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    logits.asFloatBuffer().put(all);
    int[] shape = {batch.sequences(), LENGTH, width};
    Files.write(folder.resolve("dump.npy"), npy("<f4", shape, logits.array()));
    ByteBuffer ids =
        ByteBuffer.allocate(batch.slots() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ids.asIntBuffer().put(batch.tokens());
    Files.write(folder.resolve("dump.ids.npy"), npy("<i4", Arrays.copyOf(shape, 2), ids.array()));
  }

  private static byte[] npy(String type, int[] shape, byte[] values) {
    String numbers = Arrays.toString(shape).replace("[", "(").replace("]", ")");
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + numbers + ", }";
    header += " ".repeat(63 - (header.length() + 10) % 64) + "\n";
    ByteBuffer file = ByteBuffer.allocate(10 + header.length() + values.length);
    file.order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    file.put((byte) 1).put((byte) 0).putShort((short) header.length());
    file.put(header.getBytes(StandardCharsets.US_ASCII)).put(values);
    return file.array();
  }
}

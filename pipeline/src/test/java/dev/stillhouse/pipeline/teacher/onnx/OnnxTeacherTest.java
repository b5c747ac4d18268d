package dev.stillhouse.pipeline.teacher.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.OpenBlocks;
import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxTeacherTest {
  private static final int V = 6;
  private static final int T = 12;

  @TempDir private Path folder;

  /** Four sequences of segments of many lengths, the last with padding. */
  private static final TokenBatch BATCH = batch();

  private static TokenBatch batch() {
    Random random = new Random(7);
    int[] tokens = random.ints(4 * T, 0, V).toArray();
    int[] segments = new int[4 * T];
    for (int row = 0; row < 3; row++) {
      for (int t = 1; t < T; t++) {
        int at = row * T + t;
        segments[at] = segments[at - 1] + (random.nextInt(4) == 0 ? 1 : 0);
      }
    }
    for (int t = 5; t < T; t++) {
      segments[3 * T + t] = TokenBatch.PADDING;
      tokens[3 * T + t] = 0;
    }
    return new TokenBatch(90, T, tokens, segments);
  }

  @Test
  void aSegmentSeesItsOwnPastAndNothingElse() throws IOException {
    assertArrayEquals(expected(T, T, -1, false), read("", model -> model));
  }

  @ParameterizedTest
  @ValueSource(ints = {TinyModel.FLOAT, TinyModel.FLOAT16, TinyModel.BFLOAT16})
  void everyFloatTypeIsRead(int type) throws IOException {
    assertArrayEquals(expected(T, T, -1, false), read("", model -> model.logits(type)));
  }

  @Test
  void whatExportedModelsAskForIsGiven() throws IOException {
    assertArrayEquals(
        expected(T, T, -1, true),
        read("", model -> model.mask().positions().past().ids(TinyModel.INT64)));
    assertArrayEquals(
        expected(T, T, -1, true), read("", model -> model.mask().positions().ids(TinyModel.INT32)));
    assertArrayEquals(
        expected(T, T, -1, false), read("", model -> model.names("input_ids", "out")));
  }

  @Test
  void switchesOfExportedModelsAreSet() throws IOException {
    float[] expected = expected(T, T, -1, false);
    assertArrayEquals(expected, read("", model -> model.cache().past()));
    for (String name : List.of("num_logits_to_keep", "logits_to_keep")) {
      assertArrayEquals(expected, read("", model -> model.keep(name)));
    }
    assertFails(
        "its inputs [keep] are not known here", () -> open(tiny(model -> model.keep("keep")), ""));
  }

  @Test
  void adviceIsRightForTheLogitsThatThereAre() throws IOException {
    assertFails(
        "convert its logits to float32",
        () -> open(tiny(model -> model.logits(TinyModel.DOUBLE)), ""));
    assertFails(
        "convert its logits to float32",
        () -> open(tiny(model -> model.logits(TinyModel.INT64)), ""));
  }

  @Test
  void aFileNameMayLookLikeSettings() throws IOException {
    byte[] model = new TinyModel(TinyModel.table(V)).bytes();
    for (String name : List.of("my,model=1.onnx", "m,context=5", "a=b,bos=x.onnx")) {
      Path file = Files.write(folder.resolve(name), model);
      OnnxArgument plain = OnnxArgument.parse(file.toString());
      assertEquals(file, plain.file());
      OnnxArgument set = OnnxArgument.parse(file + ",context=5,stride=2,bos=1");
      assertEquals(file, set.file());
      assertEquals(List.of(5, 2, 1), List.of(set.context(), set.stride(), set.bos()));
    }
    String gone = folder + "/gone,model=1.onnx,context=5";
    UsageException e = assertThrows(UsageException.class, () -> OnnxArgument.parse(gone));
    assertTrue(e.toString().contains("no setting 'model'"), e.toString());
    assertTrue(e.toString().contains("there is no file '" + folder + "/gone,model=1.onnx'"));
  }

  @Test
  void whatTheRuntimeSaysIsQuotedWithoutPlacesInItsSources() throws IOException {
    Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
    DataException e = assertThrows(DataException.class, () -> open(empty, ""));
    assertTrue(e.getMessage().contains("the ONNX Runtime says '"), e.getMessage());
    assertTrue(
        !e.getMessage().contains("Error code") && !e.getMessage().contains(".cc"), e.getMessage());
  }

  @Test
  void anEmptyPastHasTheCallsRows() {
    assertArrayEquals(new long[] {3, 4, 0, 8}, CallInputs.emptyPast(new long[] {-1, 4, -1, 8}, 3));
    assertArrayEquals(
        new long[] {2, 3, 4, 0, 8}, CallInputs.emptyPast(new long[] {2, -1, 4, -1, 8}, 3));
    assertArrayEquals(new long[] {1, 4, 0, 8}, CallInputs.emptyPast(new long[] {1, 4, -1, 8}, 1));
  }

  @Test
  void fixedShapesArePadded() throws IOException {
    float[] expected = expected(T, T, -1, false);
    assertArrayEquals(expected, read("", model -> model.mask().shape("3", "sequence")));
    assertArrayEquals(expected, read("", model -> model.mask().shape("2", "12")));
    // Five tokens at once, and nobody had to say so: half of them is the stride.
    assertArrayEquals(
        expected(5, 3, -1, false), read("", model -> model.mask().shape("batch", "5")));
  }

  @Test
  void longSegmentsAreReadInWindows() throws IOException {
    assertArrayEquals(expected(4, 2, -1, false), read(",context=4", model -> model));
    assertArrayEquals(expected(4, 1, -1, false), read(",context=4,stride=1", model -> model));
    assertArrayEquals(expected(4, 4, -1, false), read(",context=4,stride=4", model -> model));
    assertArrayEquals(expected(1, 1, -1, false), read(",context=1", model -> model));
    assertArrayEquals(expected(T, T, -1, false), read(",context=2147483647", model -> model));
  }

  @Test
  void aFirstTokenStandsBeforeEveryWindowAndTakesAPlace() throws IOException {
    assertArrayEquals(expected(T, T, 3, false), read(",bos=3", model -> model));
    assertArrayEquals(expected(3, 2, 3, false), read(",bos=3,context=4,stride=2", m -> m));
  }

  @Test
  void windowsKeepTheirPromiseOfPast() {
    for (int context = 1; context <= 9; context++) {
      for (int stride = 1; stride <= context; stride++) {
        Windows windows = Windows.of("onnx", context, stride, false);
        boolean[] given = new boolean[BATCH.slots()];
        for (Windows.Window window : windows.cut(BATCH)) {
          assertTrue(window.length() <= context);
          for (int i = window.firstUsed(); i < window.length(); i++) {
            int slot = window.start() + i;
            int t = slot;
            while (t % T != 0 && BATCH.segments()[t - 1] == BATCH.segments()[slot]) {
              t--;
            }
            assertTrue(i + 1 >= Math.min(slot - t + 1, context - stride + 1), windows.canonical());
            assertTrue(!given[slot], "given twice");
            given[slot] = true;
          }
        }
        for (int slot = 0; slot < BATCH.slots(); slot++) {
          assertEquals(!BATCH.padding(slot), given[slot]);
        }
      }
    }
  }

  @Test
  void theFingerprintTellsWeightsAndWindows() throws IOException {
    String plain = fingerprint("a.onnx", "");
    assertEquals(plain, fingerprint("elsewhere.onnx", ""), "a path is no part of it");
    assertNotEquals(plain, fingerprint("a.onnx", ",context=8"));
    assertNotEquals(plain, fingerprint("a.onnx", ",bos=1"));
    assertNotEquals(
        fingerprint("a.onnx", ",context=8"), fingerprint("a.onnx", ",context=8,stride=3"));
    assertNotEquals(plain, fingerprint(new TinyModel(TinyModel.table(V - 1)), "b.onnx", ""));
  }

  @Test
  void weightsBesideTheFileCountAndMustBeThere() throws IOException {
    TinyModel model = new TinyModel(TinyModel.table(V)).external("weights/table.bin");
    Path file = model.write(folder.resolve("external.onnx"));
    assertFails("its external data 'weights/table.bin' is missing", () -> open(file, ""));
    Path weights = Files.createDirectories(folder.resolve("weights")).resolve("table.bin");
    byte[] raw = model.raw();
    Files.write(weights, raw);
    String before = fingerprint(file, "");
    raw[0] ^= 1;
    Files.write(weights, raw);
    assertNotEquals(before, fingerprint(file, ""));

    Path outside =
        new TinyModel(TinyModel.table(V)).external("../x").write(folder.resolve("o.onnx"));
    assertFails("'../x' lies outside its folder", () -> open(outside, ""));
  }

  @Test
  void whatIsNoUsableModelIsToldWithWhatItHas() throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "This is no model at all.");
    assertFails("text.onnx is no ONNX model", () -> open(text, ""));
    Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
    assertFails("empty.onnx is no model that the ONNX Runtime can load", () -> open(empty, ""));
    assertFails("there is no such model", () -> open(folder.resolve("none.onnx"), ""));
    assertFails("is no file", () -> open(folder, ""));
    byte[] cut = new TinyModel(TinyModel.table(V)).bytes();
    Path truncated =
        Files.write(folder.resolve("cut.onnx"), java.util.Arrays.copyOf(cut, cut.length / 2));
    assertFails("cut.onnx is no ONNX model", () -> open(truncated, ""));
    assertFails(
        "need an input input_ids, int64 or int32, [batch, sequence]; it has inputs [tokens int64"
            + " [batch, sequence]], outputs [logits float [batch, sequence, 6]]",
        () -> open(tiny(model -> model.names("tokens", "logits")), ""));
    assertFails(
        "need an output logits",
        () -> open(tiny(model -> model.names("input_ids", "logits").logits(TinyModel.INT64)), ""));
    assertFails(
        "asked about [1, 2] tokens it gave logits [1, 1, 6]; need a row for each token",
        () -> open(tiny(TinyModel::lastOnly), ""));
    for (String[] shape : new String[][] {{"0", "5"}, {"2", "0"}, {"99999", "99999"}}) {
      assertFails(
          "input_ids [" + shape[0] + ", " + shape[1] + "]: need",
          () -> open(tiny(model -> model.shape(shape[0], shape[1])), ""));
    }
    assertFails("bos=6 is outside the model's vocabulary of 6", () -> open(tiny(m -> m), ",bos=6"));
    assertFails(
        "reads exactly 5 tokens at once; need context <= 5",
        () -> open(tiny(model -> model.shape("batch", "5")), ",context=6"));
  }

  @Test
  void settingsAreChecked() {
    for (String wrong :
        new String[] {"", "m,context=0", "m,bos=-1", "m,depth=3", "m,context=x", "m,stride=2"}) {
      assertThrows(
          UsageException.class,
          () -> {
            OnnxArgument argument = OnnxArgument.parse(wrong);
            Windows.of("onnx", argument.context(), argument.stride(), false);
          },
          wrong);
    }
    OnnxArgument path = OnnxArgument.parse("a,b/m,1=2.onnx,context=9,bos=0");
    assertEquals(Path.of("a,b/m,1=2.onnx"), path.file());
    assertEquals(9, path.context());
  }

  @ParameterizedTest
  @ValueSource(ints = {TinyModel.FLOAT, TinyModel.FLOAT16, TinyModel.BFLOAT16})
  void blocksMayBeOpenAtOnce(int type) throws IOException {
    try (OnnxTeacher teacher = open(tiny(model -> model.logits(type)), ",context=3,stride=1")) {
      OpenBlocks.check(teacher, BATCH);
    }
  }

  @Test
  void idsOutsideTheModelAreNamed() throws IOException {
    try (OnnxTeacher teacher = open(tiny(model -> model), "")) {
      for (int id : new int[] {-1, V}) {
        TokenBatch batch = new TokenBatch(5, 2, new int[] {0, id}, new int[] {0, 0});
        assertFails("sequence 5, position 1: token id " + id, () -> teacher.read(batch).close());
      }
    }
  }

  /** The running sums, told by hand. */
  private static float[] expected(int context, int stride, int bos, boolean positions) {
    float[][] table = TinyModel.table(V);
    float[] rows = new float[BATCH.slots() * V];
    Windows windows = new Windows(context, stride);
    for (Windows.Window window : windows.cut(BATCH)) {
      float[] sum = new float[V];
      float placed = 0;
      for (int i = bos < 0 ? 0 : -1; i < window.length(); i++) {
        int id = i < 0 ? bos : BATCH.tokens()[window.start() + i];
        placed += positions ? i : 0;
        for (int j = 0; j < V; j++) {
          sum[j] += table[id][j];
          if (i >= window.firstUsed()) {
            rows[(window.start() + i) * V + j] = sum[j] + placed;
          }
        }
      }
    }
    return rows;
  }

  private float[] read(String settings, UnaryOperator<TinyModel> with) throws IOException {
    float[] rows = new float[BATCH.slots() * V];
    boolean[] given = new boolean[BATCH.slots()];
    try (OnnxTeacher teacher = open(tiny(with), settings);
        LogitsCursor cursor = teacher.read(BATCH)) {
      assertEquals(V, teacher.vocabulary());
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          for (int i = 0; i < lent.count() * V; i++) {
            rows[lent.firstSlot() * V + i] = lent.rows().get(i);
          }
          for (int i = 0; i < lent.count(); i++) {
            assertTrue(!given[lent.firstSlot() + i], "a slot came twice");
            given[lent.firstSlot() + i] = true;
          }
        }
      }
    }
    for (int slot = 0; slot < given.length; slot++) {
      assertEquals(!BATCH.padding(slot), given[slot], "slot " + slot);
    }
    return rows;
  }

  private Path tiny(UnaryOperator<TinyModel> with) throws IOException {
    return with.apply(new TinyModel(TinyModel.table(V))).write(folder.resolve("tiny.onnx"));
  }

  private static OnnxTeacher open(Path file, String settings) {
    return OnnxTeacher.open(OnnxArgument.parse(file + settings));
  }

  private String fingerprint(String name, String settings) throws IOException {
    return fingerprint(new TinyModel(TinyModel.table(V)), name, settings);
  }

  private String fingerprint(TinyModel model, String name, String settings) throws IOException {
    return fingerprint(model.write(folder.resolve(name)), settings);
  }

  private static String fingerprint(Path file, String settings) {
    try (OnnxTeacher teacher = open(file, settings)) {
      return teacher.fingerprint();
    }
  }

  private static void assertFails(String message, Executable task) {
    DataException e = assertThrows(DataException.class, task);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}

package dev.stillhouse.pipeline.teacher.logits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.OpenBlocks;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsTeacherTest {
  private static final int V = 5;
  private static final int T = 4;
  private static final int[] IDS = {4, 3, 2, 1, 0, 1, 2, 3, 4, 0, 7, 9};

  /** Sequences 1 and 2 of three: the last has two slots of padding, whose ids are of no matter. */
  private static final TokenBatch BATCH =
      new TokenBatch(
          1, T, new int[] {0, 1, 2, 3, 4, 0, 0, 0}, new int[] {0, 0, 1, 1, 0, 0, -1, -1});

  @TempDir Path directory;

  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i - 20;
    }
    return values;
  }

  private Path files(String type, String idType, boolean flat) throws IOException {
    Path file = directory.resolve("a.npy");
    byte[] data = NpyFiles.logits(type, values(3 * T * V));
    NpyFiles.write(file, type, flat ? "(12, 5)" : "(3, 4, 5)", data);
    byte[] ids = NpyFiles.ids(idType, IDS);
    NpyFiles.write(directory.resolve("a.ids.npy"), idType, flat ? "(12,)" : "(3, 4)", ids);
    return file;
  }

  private static LogitsTeacher open(Path file, long window) {
    return new LogitsTeacher(LogitsFiles.parse(file.toString()), window);
  }

  private static String failure(Executable call) {
    return String.valueOf(assertThrows(DataException.class, call).getMessage());
  }

  /** All rows that were lent, by slot. */
  private static float[][] rows(LogitsTeacher teacher, TokenBatch batch) {
    float[][] rows = new float[batch.slots()][];
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          for (int i = 0; i < lent.count(); i++) {
            float[] row = new float[lent.width()];
            lent.rows().get(i * lent.width(), row, row.length);
            rows[lent.firstSlot() + i] = row;
          }
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "<f4,<i4,false,1000",
    "<f4,<i8,true,45",
    "<f2,<u2,false,1",
    "<f2,<i4,true,1000",
    "<f4,<u2,false,1"
  })
  void lendsTheRowOfEachSlot(String type, String idType, boolean flat, long window)
      throws IOException {
    LogitsTeacher teacher = open(files(type, idType, flat), window);
    assertEquals(V, teacher.vocabulary());
    assertTrue(teacher.reproducible());
    float[] all = values(3 * T * V);
    float[][] rows = rows(teacher, BATCH);
    for (int slot = 0; slot < 6; slot++) {
      int at = (T + slot) * V;
      assertArrayEquals(Arrays.copyOfRange(all, at, at + V), rows[slot]);
    }
    assertEquals(null, rows[6]);
    assertEquals(null, rows[7]);
  }

  /** uint16 goes up to 65,535. */
  @Test
  void idsOfSixteenBitsHaveNoSign() throws IOException {
    Path file = directory.resolve("a.npy");
    NpyFiles.write(file, "<f4", "(1, 5)", NpyFiles.logits("<f4", 1, 2, 3, 4, 5));
    NpyFiles.write(directory.resolve("a.ids.npy"), "<u2", "(1,)", NpyFiles.ids("<u2", 40_000));
    TokenBatch batch = new TokenBatch(0, 1, new int[] {40_000}, new int[] {0});
    assertArrayEquals(new float[] {1, 2, 3, 4, 5}, rows(open(file, 1000), batch)[0]);
  }

  @Test
  void theFirstOtherTokenIsNamed() throws IOException {
    LogitsTeacher teacher = open(files("<f4", "<i4", false), 1000);
    TokenBatch other =
        new TokenBatch(
            1, T, new int[] {0, 1, 2, 3, 4, 1, 1, 0}, new int[] {0, 0, 1, 1, 0, 0, 0, -1});
    String message = failure(() -> teacher.read(other));
    assertTrue(
        message.startsWith("sequence 2, position 1: the dataset has token 1, but "), message);
    assertTrue(message.contains("a.ids.npy has 0"), message);
  }

  @Test
  void theEndOfTheFileIsNamed() throws IOException {
    LogitsTeacher teacher = open(files("<f4", "<i4", true), 1000);
    TokenBatch later = new TokenBatch(3, T, new int[] {1, 1, 1, 1}, new int[] {0, 0, 0, 0});
    String message = failure(() -> teacher.read(later));
    assertTrue(message.startsWith("sequence 3, position 0: "), message);
    assertTrue(message.contains("a.npy has <f4 [12, 5] and ends before it"), message);
    LogitsTeacher deep = open(files("<f4", "<i4", false), 1000);
    TokenBatch longer = new TokenBatch(0, 6, new int[6], new int[6]);
    assertTrue(failure(() -> deep.read(longer)).contains("sequences of 4 positions"));
  }

  @Test
  void theFingerprintIsOfBothFilesBytes() throws IOException {
    String first = open(files("<f4", "<i4", true), 1000).fingerprint();
    assertEquals(first, open(files("<f4", "<i4", true), 45).fingerprint());
    assertNotEquals(first, open(files("<f4", "<i8", true), 45).fingerprint());
    assertNotEquals(first, open(files("<f2", "<i4", true), 45).fingerprint());
  }

  @Test
  void argumentsNameTheFiles() {
    assertEquals(
        new LogitsFiles(Path.of("x/a.npy"), Path.of("x/a.ids.npy")), LogitsFiles.parse("x/a.npy"));
    assertEquals(
        new LogitsFiles(Path.of("a.npy"), Path.of("b.npy")), LogitsFiles.parse("a.npy,ids=b.npy"));
    for (String bad : new String[] {"", "a.npz", "a.npy,b.npy,ids=", "a.npy,ids="}) {
      assertThrows(UsageException.class, () -> LogitsFiles.parse(bad), bad);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<f8|False|(12, 5)|240|has <f8 [12, 5], need one of [<f2, <f4]",
        ">f4|False|(12, 5)|240|has >f4 [12, 5], need one of [<f2, <f4]",
        "<f4|True|(12, 5)|240|in Fortran order, need C order",
        "<f4|False|(60,)|240|has <f4 [60], need 2 or 3 dimensions",
        "<f4|False|()|4|has <f4 [], need 2 or 3 dimensions",
        "<f4|False|(1, 3, 4, 5)|240|need 2 or 3 dimensions",
        "<f4|False|(12, 5)|239|bytes, but <f4 [12, 5] needs 368",
        "<f4|False|(12, 5)|241|bytes, but <f4 [12, 5] needs 368",
        "<f4|False|(12, 0)|0|a row of 0 bytes",
        "<f4|False|(999999999999999, 9999999)|0|more values than any file",
        "<f4|False|(9999999999999999, 1)|0|is not understood",
        "<f4|False|(-1, 5)|0|is not understood",
        "<f4|Maybe|(12, 5)|240|is not understood",
      })
  void badFilesAreNamed(String type, String fortran, String shape, int bytes, String expected)
      throws IOException {
    Path file = files("<f4", "<i4", true);
    NpyFiles.write(file, 1, NpyFiles.header(type, fortran, shape), new byte[bytes]);
    String message = failure(() -> open(file, 1000));
    assertTrue(message.contains("a.npy") && message.contains(expected), message);
  }

  @Test
  void otherBytesAreNoNpy() throws IOException {
    Path file = files("<f4", "<i4", true);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int length : new int[] {0, 5, 11, 60, 127}) {
      Files.write(file, Arrays.copyOf(whole, length));
      failure(() -> open(file, 1000));
    }
    Files.write(file, "PK\3\4 this is a zip".getBytes(UTF_8));
    assertTrue(failure(() -> open(file, 1000)).contains("is no .npy file: it begins with 50 4b"));
    // Any one byte of the header changed: refused, or an equally shaped file; never another error.
    for (int at = 0; at < 128; at++) {
      byte[] broken = whole.clone();
      broken[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, broken);
      try {
        assertEquals(V, open(file, 1000).vocabulary());
      } catch (DataException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("a.npy"), e.getMessage());
      }
    }
  }

  @Test
  void idsMustBeThereAndOfTheSameShape() throws IOException {
    Path file = files("<f4", "<i4", true);
    Path ids = directory.resolve("a.ids.npy");
    NpyFiles.write(ids, "<i4", "(11,)", NpyFiles.ids("<i4", Arrays.copyOf(IDS, 11)));
    assertTrue(failure(() -> open(file, 1000)).contains("need the same shape"));
    NpyFiles.write(ids, "<i2", "(12,)", NpyFiles.ids("<u2", IDS));
    assertTrue(failure(() -> open(file, 1000)).contains("need one of [<i4, <i8, <u2]"));
    Files.delete(ids);
    String message = failure(() -> open(file, 1000));
    assertTrue(message.contains("save the token ids that the teacher read (int32, [12])"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void laterVersionsAreRead(int version) throws IOException {
    Path file = files("<f4", "<i4", true);
    byte[] data = NpyFiles.logits("<f4", values(60));
    NpyFiles.write(file, version, NpyFiles.header("<f4", "False", "(12, 5)"), data);
    assertEquals(-20f, rowOf(open(file, 1000)));
    NpyFiles.write(file, 4, NpyFiles.header("<f4", "False", "(12, 5)"), data);
    assertTrue(failure(() -> open(file, 1000)).contains("version 4.0"));
  }

  private static float rowOf(LogitsTeacher teacher) {
    return rows(teacher, new TokenBatch(0, 1, new int[] {4}, new int[] {0}))[0][0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", "<f2"})
  void blocksMayBeOpenAtOnce(String type) throws IOException {
    OpenBlocks.check(open(files(type, "<i4", true), 1000), BATCH);
    OpenBlocks.check(open(files(type, "<i4", true), 60), BATCH); // in windows of three rows
  }

  @Test
  void float32IsLentFromTheFileItself() throws IOException {
    LogitsTeacher teacher = open(files("<f4", "<i4", true), 1000);
    try (LogitsCursor cursor = teacher.read(BATCH)) {
      Logits block = cursor.next();
      assertTrue(block != null && block.count() == 6);
    }
  }
}

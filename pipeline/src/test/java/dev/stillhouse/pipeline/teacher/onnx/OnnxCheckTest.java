package dev.stillhouse.pipeline.teacher.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.pipeline.teacher.check.TeacherFinding;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in files are asked what they promise. */
class OnnxCheckTest {
  private static final int V = 6;

  @TempDir Path folder;

  private static List<TeacherFinding> check(String argument, int vocabulary) {
    int[] tokens = new int[4 * 64];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (i * i + i / 3) % vocabulary;
    }
    TokenBatch sample = new TokenBatch(0, 64, tokens, new int[tokens.length]);
    try (OnnxTeacher teacher = OnnxTeacher.open(OnnxArgument.parse(argument))) {
      return TeacherCheck.of(teacher, sample, Selection.topK(teacher.vocabulary(), 4));
    }
  }

  private List<TeacherFinding> check(TinyModel model, String settings) throws IOException {
    return check(model.write(folder.resolve("tiny.onnx")) + settings, V);
  }

  private static TinyModel tiny() {
    return new TinyModel(TinyModel.table(V));
  }

  @Test
  void aModelWithoutACausalMaskIsFound() throws IOException {
    for (String settings : List.of("", ",bos=1", ",context=8,stride=2")) {
      List<TeacherFinding> found = check(tiny().reverse(), settings);
      assertEquals(TeacherFinding.Promise.PAST_ALONE, found.get(0).promise(), found.toString());
      assertTrue(found.get(0).nats() > 1, found.toString());
      assertTrue(found.get(0).toString().contains("causal mask"), found.toString());
    }
  }

  @Test
  void modelsAsTheyShouldBeAreNotDoubted() throws IOException {
    for (String settings : List.of("", ",bos=1", ",context=8,stride=2", ",context=1")) {
      assertEquals(List.of(), check(tiny(), settings));
      assertEquals(List.of(), check(tiny().mask().positions().past(), settings));
    }
    assertEquals(List.of(), check(tiny().mask().shape("3", "12"), ""));
    assertEquals(List.of(), check(tiny().logits(TinyModel.BFLOAT16), ",context=4"));
  }

  @Test
  void aRealModelIsNotDoubted() {
    String model = Path.of("../testdata/minigpt/model.onnx").toString();
    assertEquals(List.of(), check(model + ",context=128", 256));
    assertEquals(List.of(), check(model + ",context=16,bos=1", 256));
  }
}

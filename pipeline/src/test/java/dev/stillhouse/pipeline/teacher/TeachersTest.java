package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.UsageException;
import org.junit.jupiter.api.Test;

class TeachersTest {
  @Test
  void findsByName() {
    assertEquals("ngram", Teachers.named("ngram").name());
  }

  @Test
  void unknownNameListsThosePresent() {
    UsageException e = assertThrows(UsageException.class, () -> Teachers.named("ngrm"));
    // And one of the tests' own.
    assertEquals(
        "No teacher named 'ngrm'; present: [broken, flight, kld, logits, ngram, onnx, sglang,"
            + " synthetic, vllm]",
        e.getMessage());
  }

  @Test
  void argumentIsAllBehindTheFirstColon() {
    assertEquals(new TeacherName("onnx", "C:/a.onnx"), TeacherName.parse("onnx:C:/a.onnx"));
    assertEquals(new TeacherName("ngram", ""), TeacherName.parse("ngram"));
    assertEquals("onnx:a", TeacherName.parse("onnx:a").toString());
    assertThrows(UsageException.class, () -> TeacherName.parse(":a"));
  }
}

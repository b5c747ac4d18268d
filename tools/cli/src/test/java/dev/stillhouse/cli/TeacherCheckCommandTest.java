package dev.stillhouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillhouse.pipeline.teacher.onnx.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a teacher and a tokenizer that may not be what they seem. */
@Tag("slow")
class TeacherCheckCommandTest {
  private static final int V = TinyTokenizer.VOCABULARY;

  @TempDir Path directory;
  private Path text = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    text = TestTexts.write(directory.resolve("a.txt"), "the other side\n".repeat(30));
    TinyTokenizer.write(directory.resolve("tokenizer.json"));
  }

  private Command extract(String out, String teacher, Object... more) {
    List<Object> words = new ArrayList<>(List.of("extract", "--json", "--corpus", text));
    words.addAll(List.of("--out", directory.resolve(out), "--teacher", teacher));
    words.addAll(List.of("--statistic", "top-k:4", "--sequence-length", 32));
    words.addAll(List.of("--tokenizer", directory.resolve("tokenizer.json")));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  private JsonNode manifest(String out, int version) throws IOException {
    String name = String.format("manifests/v%020d.json", version);
    return new ObjectMapper().readTree(Files.readAllBytes(directory.resolve(out).resolve(name)));
  }

  private String reversed() throws IOException {
    return "onnx:" + new TinyModel(TinyModel.table(V)).reverse().write(directory.resolve("r.onnx"));
  }

  @Test
  void aTeacherThatLooksAheadIsToldAndKept() throws IOException {
    Command warned = extract("warned", reversed());
    String digest = warned.json().get("digest").asText();
    assertTrue(
        warned.err().contains("warning: teacher onnx:r.onnx: its rows depend on tokens that come"),
        warned.err());
    JsonNode doubt = manifest("warned", 1).get("teacherDoubts").get(0);
    assertEquals("past-alone", doubt.get("promise").asText());
    assertTrue(doubt.get("nats").asDouble() > 1, doubt.toString());
    Command off = extract("off", reversed(), "--teacher-check", "off");
    assertEquals(digest, off.json().get("digest").asText(), "no part of the content");
    assertFalse(off.err().contains("its rows depend"), off.err());
    assertFalse(manifest("off", 1).has("teacherDoubts"));
    // A reader and a migration take the field as any other.
    Command.run("verify", directory.resolve("warned")).succeeds();
    Path rows = directory.resolve("rows");
    Command.run("migrate", directory.resolve("warned"), "--layout", "rows", "--out", rows)
        .succeeds();
    assertEquals(doubt, manifest("rows", 1).get("teacherDoubts").get(0));
    text = TestTexts.write(directory.resolve("b.txt"), "other thin sides\n".repeat(30));
    extract("warned", reversed(), "--append").succeeds();
    assertTrue(manifest("warned", 2).get("teacherDoubts").size() >= 1);
  }

  @Test
  void aRunThatMustNotDoubtFailsBeforeTheOutputIsClaimed() throws IOException {
    extract("out", reversed(), "--teacher-check", "fail")
        .fails(1, "its rows depend on tokens", "causal mask", "--teacher-check warn");
    String right = "onnx:" + new TinyModel(TinyModel.table(V)).write(directory.resolve("m.onnx"));
    Command fine = extract("out", right, "--teacher-check", "fail");
    assertFalse(manifest("out", 1).has("teacherDoubts"), fine.succeeds().err());
    extract("out", right, "--teacher-check", "perhaps").fails(2, "need one of warn, fail, off");
  }

  @Test
  void teachersOfTheHouseAreNotDoubted() throws IOException {
    for (String teacher : List.of("ngram", "synthetic:vocabulary=" + V)) {
      Command made = extract(teacher.substring(0, 5), teacher, "--teacher-check", "fail");
      assertFalse(made.succeeds().err().contains("warning"), made.err());
    }
  }

  @Test
  void aFirstTokenThatIsTextIsTold() throws IOException {
    String model = "onnx:" + new TinyModel(TinyModel.table(V)).write(directory.resolve("m.onnx"));
    String told = extract("a", model + ",bos=2").succeeds().err();
    assertTrue(
        told.contains("puts token 2 before every text, which is '\"' in tokenizer tokenizer.json"),
        told);
    String end = extract("b", model + ",bos=" + (V - 1)).succeeds().err();
    assertFalse(end.contains("before every text"), end);
  }

  @Test
  void ofSeveralEndsTheOneThatIsTakenIsTold() throws IOException {
    Path file = directory.resolve("tokenizer.json");
    assertFalse(extract("a", "ngram").succeeds().err().contains("documents are ended"));
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(Files.readAllBytes(file));
    ArrayNode added = (ArrayNode) json.get("added_tokens");
    added.add(((ObjectNode) added.get(0).deepCopy()).put("content", "<|endoftext|>").put("id", V));
    Files.write(file, json.toString().getBytes(UTF_8));
    String told = extract("b", "ngram").succeeds().err();
    assertTrue(
        told.contains(
            "documents are ended by token 97 '</s>' of tokenizer.json; it has 98 '<|endoftext|>'"
                + " too: --separator ID takes another"),
        told);
    String chosen = extract("c", "ngram", "--separator", 98).succeeds().err();
    assertFalse(chosen.contains("documents are ended"), chosen);
  }
}

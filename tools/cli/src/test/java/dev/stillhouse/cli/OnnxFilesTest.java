package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.pipeline.teacher.onnx.TinyModel;
import dev.stillhouse.storage.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --teacher onnx:FILE} as a person uses it. */
@Tag("slow")
@Timeout(300)
class OnnxFilesTest {
  private static final int V = TinyTokenizer.VOCABULARY;

  @TempDir Path directory;
  private Path text = Path.of("unset");
  private Path out = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    text = TestTexts.write(directory.resolve("a.txt"), "the other side\n".repeat(30));
    out = directory.resolve("out");
    TinyTokenizer.write(directory.resolve("tokenizer.json"));
  }

  private Command extract(String teacher, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("extract", "--json", "--corpus", text, "--out", out, "--teacher", teacher));
    arguments.addAll(List.of("--statistic", "top-k:4", "--sequence-length", 32));
    if (!List.of(more).contains("--tokenizer")) {
      arguments.addAll(List.of("--tokenizer", directory.resolve("tokenizer.json")));
    }
    arguments.addAll(List.of(more));
    return Command.run(arguments.toArray());
  }

  private String model(float[][] table) throws IOException {
    return "onnx:" + new TinyModel(table).write(directory.resolve("model.onnx"));
  }

  @Test
  void aModelReadsACorpus() throws IOException {
    String model = model(TinyModel.table(V));
    JsonNode made = extract(model + ",context=8,bos=2", "--shard-sequences", 4).json();
    assertEquals(V, made.get("vocabulary").asInt());
    assertEquals(4, made.get("shards").asInt());
    assertEquals("onnx:model.onnx,context=8,bos=2", made.get("teacher").asText(), "no path");
    assertEquals(
        made.get("digest"),
        extract(model + ",context=8,bos=2", "--shard-sequences", 4).json().get("digest"));
    extract(model + ",context=9,bos=2", "--shard-sequences", 4)
        .fails(1, "another identity", "window=7 stride=4", "window=8 stride=4");
  }

  /** The runtime reads the command line when it starts, and needs stack for its length. */
  @Test
  void aLongCommandLineIsNoMatter() throws Exception {
    String model = model(TinyModel.table(V));
    List<String> words = TestJvm.of(Stillhouse.class, "-Dpadding=" + "x".repeat(100_000));
    words.addAll(List.of("extract", "--corpus", text.toString(), "--out", out.toString()));
    words.addAll(List.of("--tokenizer", directory.resolve("tokenizer.json").toString()));
    words.addAll(List.of("--teacher", model + ",context=8,bos=2", "--sequence-length", "32"));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(0, process.waitFor(), () -> read(log));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void logitsThatAreNoneAreNamedWithTheirPlace() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      out = directory.resolve("out " + bad);
      float[][] table = TinyModel.table(V);
      table['o' - ' '][7] = bad; // "the o": token 4 of the first sequence is an o
      extract(model(table)).fails(1, "sequence 0, position 3", "the logit of id 7 is " + bad);
      assertFalse(Files.exists(out.resolve("manifests")), "nothing was committed");
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    extract(model(TinyModel.table(V - 1)))
        .fails(1, "predicts 97 ids, but the tokenizer's vocabulary has 98");
    extract(model(TinyModel.table(V)), "--tokenizer", "gpt2").fails(1, "predicts 98", "50257");
    // None of these has claimed the output.
    extract(model(TinyModel.table(V))).succeeds();
    out = directory.resolve("other");
    extract("onnx:" + text).fails(1, "a.txt is no ONNX model");
    extract("onnx:" + directory.resolve("none.onnx")).fails(1, "there is no such model");
    extract("onnx").fails(2, "name the model's file");
    extract("onnx:model.onnx,bos=x").fails(2, "bos=x: need a whole number >= 0");
  }
}

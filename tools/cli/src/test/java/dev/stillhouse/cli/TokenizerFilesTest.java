package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --tokenizer FILE.json}. */
class TokenizerFilesTest {
  @TempDir Path directory;

  private Path tokenizer(String name) throws IOException {
    return TinyTokenizer.write(directory.resolve(name));
  }

  private Object[] extract(Path text, Object tokenizer, Path out, Object... more) {
    Object[] first = {
      "extract",
      "--json",
      "--corpus",
      text,
      "--tokenizer",
      tokenizer,
      "--out",
      out,
      "--statistic",
      "top-k:4",
      "--sequence-length",
      32,
      "--shard-sequences",
      8
    };
    Object[] all = new Object[first.length + more.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  @Test
  void aDatasetShowsItsTextWhenTheFileIsGone() throws IOException {
    Path text = TestTexts.write(directory.resolve("a.txt"), "the</s> other\n".repeat(20));
    Path file = tokenizer("mine.json");
    byte[] bytes = Files.readAllBytes(file);
    Path out = directory.resolve("out");
    JsonNode summary = Command.run(extract(text, file, out)).json();
    assertEquals("mine.json", summary.get("tokenizer").asText());
    assertEquals(98, summary.get("vocabulary").asInt());
    Files.delete(file);
    try (var blobs = Files.list(out.resolve("tokenizers"))) {
      List<Path> all = blobs.toList();
      assertEquals(1, all.size());
      assertArrayEquals(bytes, Files.readAllBytes(all.get(0)));
    }
    String view = Command.run("inspect", out, "--sequence", 0, "--position", 12).succeeds().out();
    assertTrue(view.contains("the</s> other"), view);
    Path other = directory.resolve("rows");
    Command.line("extract --tokens %s --layout rows --statistic top-k:4 --out %s", out, other)
        .succeeds();
    Command.run("inspect", other, "--sequence", 0, "--position", 12).succeeds();
    Path copy = directory.resolve("copy");
    Command.run("replicate", out, "--to", copy).succeeds();
    Command.run("inspect", copy, "--sequence", 0, "--position", 12).succeeds();
    Path blob;
    try (var blobs = Files.list(out.resolve("tokenizers"))) {
      blob = blobs.findFirst().orElseThrow();
    }
    Files.delete(blob);
    String found = Command.run("verify", out).fails(1).out();
    assertTrue(found.contains("tokenizers/") && found.contains("region home"), found);
    Command.run("verify", out, "--repair").succeeds();
    assertArrayEquals(bytes, Files.readAllBytes(blob));
  }

  @Test
  void specialTokensAreAChoiceThatIsPartOfTheIdentity() throws IOException {
    Path text = TestTexts.write(directory.resolve("a.txt"), "the</s> other\n".repeat(20));
    Path file = tokenizer("mine.json");
    JsonNode plain = Command.run(extract(text, file, directory.resolve("plain"))).json();
    JsonNode special =
        Command.run(extract(text, file, directory.resolve("special"), "--special-tokens")).json();
    assertNotEquals(plain.get("fingerprint").asText(), special.get("fingerprint").asText());
    // "</s>" is four ids or one.
    assertEquals(20 * 3, plain.get("positions").asInt() - special.get("positions").asInt());
    Command.run(extract(text, file, directory.resolve("plain"), "--special-tokens"))
        .fails(1, "tokenizer");
    String view =
        Command.run("inspect", directory.resolve("special"), "--sequence", 0, "--position", 4)
            .succeeds()
            .out();
    assertTrue(view.contains("the</s>"), view);
    Command.run(extract(text, "gpt2", directory.resolve("x"), "--special-tokens"))
        .fails(2, "--special-tokens is for a tokenizer.json");
  }

  @Test
  void badFilesAreNamed() throws IOException {
    Path text = TestTexts.write(directory.resolve("a.txt"), "the other\n");
    Path out = directory.resolve("out");
    Command.run(extract(text, directory.resolve("no.json"), out))
        .fails(1, "no.json' does not exist");
    Path broken = TestTexts.write(directory.resolve("broken.json"), "{\n\"model\": ");
    Command.run(extract(text, broken, out)).fails(1, "broken.json: line 2, column");
    Path vocab = TestTexts.write(directory.resolve("vocab.json"), "{\"a\": 0}");
    Command.run(extract(text, vocab, out)).fails(1, "vocab.json", "it has no model.vocab");
    Path empty = TestTexts.write(directory.resolve("empty.json"), "");
    Command.run(extract(text, empty, out)).fails(1, "empty.json");
    Path merge =
        TestTexts.write(
            directory.resolve("merge.json"),
            "{\"version\":\"1.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}");
    Command.run(extract(text, merge, out))
        .fails(1, "merge.json: the tokenizers library refuses it");
    Path long_ = directory.resolve("long.json");
    try (RandomAccessFile sparse = new RandomAccessFile(long_.toFile(), "rw")) {
      sparse.setLength((64L << 20) + 1);
    }
    Command.run(extract(text, long_, out)).fails(1, "67108865 bytes, need <= 67108864");
    Path folder = Files.createDirectory(directory.resolve("folder.json"));
    Command.run(extract(text, folder, out)).fails(1, "is no file");
  }
}

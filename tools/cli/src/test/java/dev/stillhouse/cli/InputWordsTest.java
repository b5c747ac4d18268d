package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that a person gave and did not mean, and corpora of which nothing can be read. */
class InputWordsTest {
  @TempDir Path directory;

  private Command extract(Path corpus, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "extract",
                "--corpus",
                corpus,
                "--out",
                directory.resolve("out"),
                "--statistic",
                "top-k:4",
                "--sequence-length",
                16));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  private Path text(String name) throws IOException {
    return TestTexts.write(
        directory.resolve(name), "some words and some more of them\n".repeat(40));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "extract --corpus  --out x",
        "extract --corpus a.txt --out ",
        "extract --corpus a.txt --out x --tokenizer ",
        "extract --corpus a.txt --out x --teacher ",
        "extract --corpus a.txt --out x --home ",
        "extract --corpus a.txt --out x --replicate-to ",
        "extract --corpus a.txt --out x --topology ",
        "extract --tokens  --out x",
        "load  --batch 1",
        "load d --cursor ",
        "load d --arrow ",
        "load d --cache ",
        "cursor  --out x",
        "migrate  --layout rows --out x",
        "replicate d --to ",
        "inspect ",
        "verify "
      })
  void anEmptyNameIsNoPlace(String line) {
    Command.run((Object[]) line.split(" ", -1)).fails(2, "'': its value is empty");
  }

  @Test
  void aTildeThatNoShellExpandedIsRefused() throws IOException {
    Path corpus = text("a.txt");
    extract(corpus, "--home", "~/x")
        .fails(2, "--home '~/x': no shell has expanded this ~", "$HOME");
    extract(corpus, "--teacher", "onnx:~/m.onnx").fails(2, "--teacher 'onnx:~/m.onnx'");
    extract(corpus, "--replicate-to", "fra=~/x").fails(2, "--replicate-to 'fra=~/x'");
    Command.run("verify", "~").fails(2, "'~': no shell");
    assertFalse(Files.exists(Path.of("~")));
    // One inside a name is a letter like any other.
    extract(text("b~c.txt")).succeeds();
  }

  @Test
  void anOptionThatIsMisspeltIsToldWithTheOneThatWasMeant() throws IOException {
    Path corpus = text("a.txt");
    extract(corpus, "--statistics", "top-k:8")
        .fails(2, "'--statistics top-k:8' is not understood; did you mean --statistic?");
    extract(corpus, "--shard-sequence=3").fails(2, "did you mean --shard-sequences?");
    extract(corpus, "--nothing-like-it").fails(2, "'--nothing-like-it' is not understood (see");
    Command.run("migrate", "d", "--layout", "rows", "--out", "x", "--layot", "y")
        .fails(2, "did you mean --layout?");
    Command.run("replicate", "d", "--to", "x", "--polcy=y").fails(2, "did you mean --policy?");
    assertFalse(Files.exists(directory.resolve("out")), "nothing was begun");
  }

  @Test
  void whatBeamDoesNotTakeIsToldBeforeAnyWork() throws IOException {
    Path corpus = text("a.txt");
    for (String word : List.of("=0", "=-1", "=x", "=", "")) {
      extract(corpus, "--targetParallelism" + word)
          .fails(2, "'--targetParallelism" + word + "': need a number of threads from 1");
    }
    extract(corpus, "--runner=Nobody").fails(2, "--runner=Nobody");
    String told = extract(corpus, "--blockOnRun=perhaps").fails(2, "--blockOnRun=perhaps").err();
    assertFalse(told.contains("org.") || told.contains("com."), told);
    assertFalse(Files.exists(directory.resolve("out")), "nothing was begun");
    extract(corpus, "--targetParallelism=1").succeeds();
  }

  @Test
  void aCorpusOfWhichNothingCanBeReadSaysWhy() throws IOException {
    Path corpus = TestTexts.write(directory.resolve("a.jsonl"), "{oops\n{\"body\":1}\n");
    for (Object[] more : new Object[][] {{}, {"--dry-run"}}) {
      List<Object> words = new ArrayList<>(List.of(more));
      words.addAll(List.of("--on-bad-document", "skip"));
      extract(corpus, words.toArray())
          .fails(1, "2 documents, the first:", "a.jsonl", "line 1 is not JSON");
    }
    Path empty = TestTexts.write(directory.resolve("b.jsonl"), "{\"text\":\"\"}\n");
    extract(empty, "--separator", "none").fails(1, "all its documents are empty");
  }

  @Test
  void aStoppedRunWhoseOutputLiesInItsCorpusGoesOn() throws IOException {
    Path corpus = Files.createDirectory(directory.resolve("books"));
    TestTexts.write(corpus.resolve("a.txt"), "some words and some more of them\n".repeat(40));
    Path out = corpus.resolve("out");
    Object[] words = {
      "extract", "--json", "--corpus", corpus, "--out", out, "--sequence-length", 16
    };
    String digest = Command.run(words).json().get("digest").asText();
    // As a run leaves it that was stopped before its commit, and before the packing's end.
    Files.delete(out.resolve("manifests/v00000000000000000001.json"));
    Command again = Command.run(words);
    assertEquals(digest, again.json().get("digest").asText());
    assertTrue(again.err().contains("out/ is left out: it is the output"), again.err());
    Files.delete(out.resolve("manifests/v00000000000000000001.json"));
    Files.delete(out.resolve("work/identity.json"));
    Command other = Command.run("extract", "--corpus", corpus, "--out", directory.resolve("x"));
    assertTrue(other.succeeds().err().contains("out/ is left out: it is a dataset"), other.err());
  }

  @Test
  void filesThatAreLeftOutAreNamed() throws IOException {
    Path corpus = Files.createDirectory(directory.resolve("books"));
    TestTexts.write(corpus.resolve("a.JSONL"), "{\"text\":\"some words\"}\n");
    TestTexts.write(corpus.resolve("b.json"), "{}");
    Command told = extract(corpus).succeeds();
    assertTrue(told.err().contains("warning: corpus '"), told.err());
    assertTrue(
        told.err().contains("1 file(s) left out") && told.err().contains(": b.json;"), told.err());
  }
}

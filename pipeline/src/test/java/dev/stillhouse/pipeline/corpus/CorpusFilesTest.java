package dev.stillhouse.pipeline.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusFilesTest {
  @TempDir Path directory;

  @BeforeEach
  void corpus() {
    for (String name :
        List.of("b.txt", "a.jsonl", "sub/c.txt", "sub/deep/d.bin", ".hidden.txt", ".git/e.txt")) {
      Corpora.write(directory, name, "");
    }
    Corpora.write(directory, "notes.md", "");
  }

  private List<String> names(String... arguments) {
    return CorpusFiles.find(List.of(arguments)).stream().map(CorpusFile::name).toList();
  }

  @Test
  void directoriesAreReadToTheBottomInOrderOfRelativePath() {
    assertEquals(List.of("a.jsonl", "b.txt", "sub/c.txt", "sub/deep/d.bin"), names(at("")));
  }

  @Test
  void argumentsKeepTheirOrder() {
    assertEquals(
        List.of("c.txt", "deep/d.bin", "b.txt", "a.jsonl"),
        names(at("sub"), at("b.txt"), at("a.jsonl")));
  }

  @Test
  void globsAreRelativeToTheirFixedPart() {
    assertEquals(List.of("b.txt"), names(at("*.txt")));
    assertEquals(List.of("b.txt", "sub/c.txt"), names(at("**/*.txt")));
    assertEquals(List.of("c.txt"), names(at("sub/[a-c].t?t")));
    assertEquals(List.of("a.jsonl", "b.txt"), names(at("*.{txt,jsonl,md}")));
    assertEquals(List.of("sub/c.txt", "sub/deep/d.bin"), names(at("s*/**")));
  }

  @Test
  void aNameWithGlobCharactersCanBeAFile() {
    Corpora.write(directory, "[1].txt", "");
    assertEquals(List.of("[1].txt"), names(at("[1].txt")));
  }

  @Test
  void badArgumentsSayWhatIsWrong() {
    assertMessage(DataException.class, at("none.txt"), "none.txt' does not exist");
    assertMessage(DataException.class, at("gone/*.txt"), "gone' does not exist");
    assertMessage(
        DataException.class, at("*.parquet"), "holds no file", ".txt, .jsonl, .ndjson, .bin");
    assertMessage(
        UsageException.class,
        at("notes.md"),
        "notes.md",
        "[.txt, .jsonl, .ndjson, .bin, .parquet, .txt.gz,");
    assertMessage(UsageException.class, at("{a,b"), "{a,b", "not a glob");
    assertThrows(UsageException.class, () -> names());
    Path empty = Corpora.write(directory, "other/readme.md", "").resolveSibling("");
    assertMessage(
        DataException.class, empty.toString(), "other", ".txt, .jsonl, .ndjson, .bin", "hidden");
  }

  private String at(String name) {
    return directory + "/" + name;
  }

  private void assertMessage(Class<? extends Exception> type, String argument, String... parts) {
    String message = Corpora.failure(type, () -> names(argument));
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}

package dev.stillhouse.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFilesTest {
  private static final int DOCUMENT = 4096;
  private static final int HELD_OUT = 26;

  @TempDir Path directory;

  /** The rule of {@code tools/examples/minigpt_text.py}, followed once more. */
  @Test
  void theTextIsThePartOfTheBookThatIsHeldOut() throws IOException {
    String book = Files.readString(Path.of("../../testdata/moby-dick/moby-dick.txt"));
    List<String> expected =
        documents(book).stream()
            .filter(
                text -> (Hashing.sha256().hashString(text, UTF_8).asBytes()[0] & 0xff) < HELD_OUT)
            .toList();
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(DemoFiles.text(directory))) {
      found.add(new ObjectMapper().readTree(line).get("text").asText());
    }
    assertEquals(expected, found);
  }

  /** Runs of whole paragraphs of so many characters, or the first more. */
  private static List<String> documents(String book) {
    List<String> documents = new ArrayList<>();
    List<String> run = new ArrayList<>();
    int size = 0;
    for (String paragraph : Splitter.onPattern("\n{2,}").split(book.strip())) {
      run.add(paragraph);
      size += paragraph.length();
      if (size >= DOCUMENT) {
        documents.add(String.join("\n\n", run));
        run.clear();
        size = 0;
      }
    }
    if (!run.isEmpty()) {
      documents.add(String.join("\n\n", run));
    }
    return documents;
  }

  @Test
  void theModelIsTheOneOfTheTestData() throws IOException {
    assertArrayEquals(
        Files.readAllBytes(Path.of("../../testdata/minigpt/model.onnx")),
        Files.readAllBytes(DemoFiles.model(directory)));
  }
}

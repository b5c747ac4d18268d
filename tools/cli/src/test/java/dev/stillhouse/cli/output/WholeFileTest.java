package dev.stillhouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path directory;

  @Test
  void aFileIsThereOnceItIsWhole() throws IOException {
    Path file = directory.resolve("report.html");
    WholeFile.write(file, "old");
    try (WholeFile whole = WholeFile.begin(file)) {
      Files.writeString(whole.part(), "new");
      assertEquals("old", Files.readString(file));
      whole.commit();
    }
    assertEquals("new", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void whatIsNotCommittedLeavesNothing() throws IOException {
    Path file = directory.resolve("report.html");
    try (WholeFile whole = WholeFile.begin(file)) {
      Files.writeString(whole.part(), "half");
    }
    assertEquals(List.of(), files());
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    WholeFile.write(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
  }

  @Test
  void placesThatCannotBeWrittenAreRefusedBefore() {
    assertThrows(UsageException.class, () -> WholeFile.check("--out", Path.of("")));
    assertThrows(DataException.class, () -> WholeFile.check("--out", directory));
    assertThrows(
        DataException.class, () -> WholeFile.check("--out", directory.resolve("none/file")));
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}

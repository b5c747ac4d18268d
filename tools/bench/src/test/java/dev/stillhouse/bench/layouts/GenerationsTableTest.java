package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.bench.Report;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Layouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationsTableTest {
  private static final Path PAGE = Path.of("../../docs/design/generations/README.md");

  private static Measured measured(double bytes) {
    MeasuredDataset sample =
        new MeasuredDataset("a text", "someone", "top-k:64", 50_257, 60, 512, "");
    return new Measured(
        sample,
        Layouts.generations().stream()
            .map(name -> Map.<String, Object>of("name", name, "bytesPerPosition", bytes))
            .toList());
  }

  @Test
  void thePageSaysWhereTheTableStandsAndHasALineForEachGeneration() throws IOException {
    String page = Files.readString(PAGE);
    String table =
        page.substring(page.indexOf(GenerationsTable.BEGIN), page.indexOf(GenerationsTable.END));
    for (String name : Layouts.generations()) {
      assertTrue(table.contains("[" + name + "](" + name + ".md) | "), table);
      assertTrue(Files.exists(PAGE.resolveSibling(name + ".md")), name);
    }
  }

  @Test
  void writingItAgainChangesNothingMore() throws IOException {
    String page = Files.readString(PAGE);
    Report.Machine machine = new Report.Machine("a processor", 2, "25");
    String table = GenerationsTable.markdown(measured(123.4), measured(56.7), machine);
    assertTrue(table.contains("| 1 [rows](rows.md) | 123.4 | 56.7 | "), table);
    String once = GenerationsTable.replace("README.md", page, table);
    assertEquals(once, GenerationsTable.replace("README.md", once, table));
    assertTrue(once.startsWith(page.substring(0, page.indexOf(GenerationsTable.BEGIN))));
    assertTrue(once.endsWith(page.substring(page.indexOf(GenerationsTable.END))));
    assertEquals(1, once.split("123.4 \\| 56.7", -1).length - Layouts.generations().size());
  }

  @Test
  void aPageThatDoesNotSayWhereIsRefused() {
    for (String page :
        List.of("", GenerationsTable.END + GenerationsTable.BEGIN, GenerationsTable.BEGIN)) {
      UsageException refused =
          assertThrows(UsageException.class, () -> GenerationsTable.replace("p.md", page, "table"));
      assertTrue(String.valueOf(refused.getMessage()).startsWith("p.md: need the lines"));
    }
  }
}

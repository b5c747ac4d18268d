package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.cli.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench regions} promises; never how fast. */
@Tag("slow")
class BenchRegionsTest {
  @TempDir Path directory;

  @Test
  void tellsEveryRegionAndPolicyAndWritesAPage() throws IOException {
    Path page = directory.resolve("regions.html");
    JsonNode rows =
        Command.run(
                "bench",
                "regions",
                "--layouts",
                "adaptive",
                "--no-scan",
                "--report",
                page,
                "--json")
            .json()
            .get("rows");
    assertEquals(
        5 * 5 + 6 + 1, rows.size(), "five regions, three policies and two others; plans; checks");
    for (JsonNode row : rows) {
      if (row.has("aboveLeast")) {
        double worst = row.get("aboveLeastAtWorst").asDouble();
        assertTrue(worst >= -1e-9 && worst <= 0.10, row.toString());
        continue;
      }
      if (row.has("shareOfScan")) {
        double share = row.get("shareOfScan").asDouble();
        assertTrue(share > 0 && share < 1, row.toString());
        continue;
      }
      assertTrue(row.get("epochBytes").asDouble() > 1e6, row.toString());
      assertTrue(row.get("epochSeconds").asDouble() > 0, row.toString());
      if (row.has("bytesOfThreeEpochsOverOne")) {
        assertEquals(1, row.get("bytesOfThreeEpochsOverOne").asDouble(), row.toString());
      }
    }
    assertTrue(
        dollars(rows, "from nrt, dollars") < dollars(rows, "from nrt, time"), "money costs less");
    assertEquals(
        0, dollars(rows, "from fra, dollars"), 5e-5, "a region's own replica has free bytes");
    String html = Files.readString(page);
    assertTrue(html.contains("from nrt, naive"), "all figures are told");
    assertFalse(html.contains("src=") || html.contains("@import"), "it needs nothing else");
  }

  private static double dollars(JsonNode rows, String name) {
    for (JsonNode row : rows) {
      if (row.get("name").asText().equals(name)) {
        return row.get("epochDollars").asDouble();
      }
    }
    throw new AssertionError(name + " is not among " + rows);
  }
}

package dev.stillhouse.bench.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.cli.Command;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code bench links} promises. All but the comparison with real time is by a seed. */
@Tag("slow")
class LinksBenchTest {
  @Test
  void hedgingIsSoonerWithinItsBudgetAndChoicesAreNearTheOracles() throws IOException {
    JsonNode rows = Command.line("bench links --quick --json").json().get("rows");
    int found = 0;
    for (JsonNode row : rows) {
      String name = row.get("name").asText();
      if (name.startsWith("stragglers")) {
        assertTrue(row.get("p999WithoutOverWith").asDouble() >= 5, row.toString());
        assertTrue(row.get("extraRequests").asDouble() <= 0.02, row.toString());
        assertTrue(row.get("extraBytes").asDouble() <= 0.02, row.toString());
        assertEquals(1, row.get("bookedOverCrossed").asDouble(), "booked to the byte: " + row);
        found++;
      } else if (name.startsWith("all slow")) {
        assertTrue(row.get("extraRequests").asDouble() <= 0.05, row.toString());
        found++;
      } else if (name.startsWith("outage")) {
        assertEquals(0, row.get("failedReads").asInt(), row.toString());
        assertTrue(row.get("slowestSeconds").asDouble() < 10, row.toString());
        found++;
      } else if (name.startsWith("choice, drift 0.1")) {
        assertTrue(row.get("regret").asDouble() <= 0.1, row.toString());
        found++;
      } else if (name.startsWith("emulator")) {
        assertTrue(row.get("emulatedSeconds").asDouble() > 0, row.toString());
        found++;
      }
    }
    assertEquals(8 + 6 + 5 + 2 + 3, found, rows.toString());
  }
}

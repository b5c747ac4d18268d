package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParquetPartsTest {
  private static void assertPart(Part part, String... columns) {
    for (String column : columns) {
      assertEquals(part, ParquetParts.part(List.of(column.split("\\."))), column);
    }
  }

  @Test
  void columnsAreToldByTheirNames() {
    String entry = "entries.list.element.list.element.";
    assertPart(Part.IDS, entry + "id", "ids.list.element.list.element", "ids_8_low");
    assertPart(Part.LOG_PROBS, entry + "log_prob", "log_probs", "log_probs_32_high", "escapes");
    assertPart(Part.ENTRIES, "entries_0", "entries_32", "entries");
    assertPart(
        Part.REST,
        entry + "reasons",
        entry + "count",
        entry + "log_proposal",
        "reasons",
        "log_proposals",
        "kept",
        "tokens.list.element",
        "target_log_prob.list.element",
        "sequence");
  }
}

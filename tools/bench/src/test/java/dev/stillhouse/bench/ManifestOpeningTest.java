package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestOpeningTest {
  private static final int SHARDS = 100_000;

  @TempDir Path directory;

  /** A record of each with its strings would need more than the heap that there is. */
  @Test
  void manyShardsOpenInASmallHeap() throws IOException {
    JsonNode told =
        new ObjectMapper().valueToTree(ManifestOpening.measure(directory, SHARDS, "-Xmx64m"));
    assertEquals(SHARDS + 1_000, told.get("shards").asInt(), told.toString());
    assertTrue(told.get("heldHeapMegabytes").asDouble() < 40, told.toString());
    assertTrue(
        told.get("appendedMegabytes").asDouble() < 0.6 * told.get("megabytesOnDisk").asDouble(),
        "the first of two lists is shared: " + told);
  }
}

package dev.stillhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class VectorsTest {
  @Test
  void theTestsRunOnVectors() {
    assertEquals(Optional.empty(), Vectors.unavailableReason());
  }

  @Test
  void saysWhatIsMissing() {
    assertEquals(Optional.empty(), Vectors.unavailableReason(true, "mixed mode, sharing", "4"));
    assertEquals(Optional.empty(), Vectors.unavailableReason(true, "mixed mode", null));
    assertTrue(
        Vectors.unavailableReason(false, "mixed mode", "4")
            .orElseThrow()
            .contains("--add-modules"));
    assertTrue(
        Vectors.unavailableReason(true, "interpreted mode", "4").orElseThrow().contains("-Xint"));
    assertTrue(
        Vectors.unavailableReason(true, "mixed mode, emulated-client", "1")
            .orElseThrow()
            .contains("off"));
    assertTrue(
        Vectors.unavailableReason(true, "mixed mode", "3").orElseThrow().contains("Level=3"));
  }
}

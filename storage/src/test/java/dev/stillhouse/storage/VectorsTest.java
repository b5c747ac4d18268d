package dev.stillhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class VectorsTest {
  @Test
  void theTestsRunOnVectors() {
    assertEquals(Optional.empty(), Vectors.absence());
  }

  @Test
  void saysWhatIsMissing() {
    assertEquals(Optional.empty(), Vectors.absence(true, "mixed mode, sharing", "4"));
    assertEquals(Optional.empty(), Vectors.absence(true, "mixed mode", null));
    assertTrue(Vectors.absence(false, "mixed mode", "4").orElseThrow().contains("--add-modules"));
    assertTrue(Vectors.absence(true, "interpreted mode", "4").orElseThrow().contains("-Xint"));
    assertTrue(
        Vectors.absence(true, "mixed mode, emulated-client", "1").orElseThrow().contains("off"));
    assertTrue(Vectors.absence(true, "mixed mode", "3").orElseThrow().contains("Level=3"));
  }
}

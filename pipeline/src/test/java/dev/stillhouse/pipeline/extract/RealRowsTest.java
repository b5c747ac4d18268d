package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What teachers really say, extracted as the definition has it. */
class RealRowsTest {
  @Test
  void ofACountedModel() throws IOException {
    check(RealRows.counted(24), 64);
  }

  @Test
  void ofANeuralModel() {
    Optional<RealRows> trained = RealRows.trained(64);
    assumeTrue(trained.isPresent(), "STILLHOUSE_DATA is not set: no trained model to read");
    for (int k : new int[] {1, 50, 512}) {
      check(trained.orElseThrow(), k);
    }
  }

  private static void check(RealRows real, int k) {
    for (int i = 0; i < real.rows().length; i++) {
      FusedExtractorTest.check(real.rows()[i], k, real.tokens()[i]);
    }
  }
}

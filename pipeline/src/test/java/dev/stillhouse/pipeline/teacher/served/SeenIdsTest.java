package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenIdsTest {
  /** Rows of few and of many ids, of which some come twice, as a set has them. */
  @Test
  void isASetOfEachRow() {
    Random random = new Random(3);
    SeenIds seen = new SeenIds();
    for (int row = 0; row < 300; row++) {
      seen.begin();
      Set<Integer> right = new HashSet<>();
      int count = random.nextInt(row % 10 == 0 ? 3_000 : 70);
      int range = 1 + random.nextInt(row % 3 == 0 ? 151_936 : 100);
      for (int i = 0; i < count; i++) {
        int id = random.nextInt(range);
        assertEquals(right.add(id), seen.add(id), "row " + row + ", id " + id);
      }
    }
  }
}

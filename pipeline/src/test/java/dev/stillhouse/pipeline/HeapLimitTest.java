package dev.stillhouse.pipeline;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import org.junit.jupiter.api.Test;

class HeapLimitTest {
  @Test
  void whatDoesNotFitIntoTheHeapIsSaidWithTheHeapThatDoes() {
    HeapLimit.check("a file", 100, 10, 1000);
    DataException e =
        assertThrows(
            DataException.class, () -> HeapLimit.check("a file", 101L << 20, 10, 1000L << 20));
    assertTrue(String.valueOf(e.getMessage()).endsWith("STILLHOUSE_OPTS=-Xmx1771m"), e.toString());
  }
}

package dev.stillhouse.storage.loader.order;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffleSpecTest {
  private static final byte[] DATA = "fingerprint".getBytes(US_ASCII);

  @ParameterizedTest
  @ValueSource(strings = {"none", "global", "blocks:8", "blocks:8/512", "blocks:2147483647/1"})
  void textIsWhatIsRead(String text) {
    assertEquals(text, ShuffleSpec.parse(text).text());
  }

  @Test
  void leadingZerosAreNotKept() {
    assertEquals("blocks:8/512", ShuffleSpec.parse("blocks:08/0512").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "None",
        "all",
        "blocks",
        "blocks:",
        "blocks:0",
        "blocks:8/",
        "blocks:8/0",
        "blocks:-1",
        "blocks:2147483648",
        "blocks:99999999999",
        "blocks:8/512/2",
        "blocks:8 ",
        "blocks:٣"
      })
  void whatIsWrongIsToldWithTheGrammar(String text) {
    UsageException e = assertThrows(UsageException.class, () -> ShuffleSpec.parse(text));
    assertTrue(String.valueOf(e.getMessage()).contains("'" + text + "'"), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("blocks:W/B"), e.getMessage());
  }

  @Test
  void theDatasetSaysTheBlockWhereItIsNotSaid() {
    assertEquals("blocks:8/300", ShuffleSpec.parse("blocks:8").resolved(300).text());
    assertEquals("blocks:8/512", ShuffleSpec.parse("blocks:8/512").resolved(300).text());
    assertEquals("global", ShuffleSpec.GLOBAL.resolved(300).text());
    assertEquals("blocks:8/1", ShuffleSpec.parse("blocks:8").resolved(0).text());
    assertThrows(
        IllegalStateException.class, () -> ShuffleSpec.parse("blocks:8").order(10, 0, 0, DATA));
  }

  @Test
  void eachKindHasItsOrder() {
    assertInstanceOf(SequentialOrder.class, ShuffleSpec.NONE.order(10, 1, 2, DATA));
    Order global = ShuffleSpec.GLOBAL.order(10, 1, 2, DATA);
    assertEquals(new GlobalShuffle(10, 1, 2, DATA).record(3), global.record(3));
    Order blocks = ShuffleSpec.parse("blocks:2/3").order(10, 1, 2, DATA);
    assertEquals(new BlockShuffle(10, 2, 3, 1, 2, DATA).record(3), blocks.record(3));
    assertEquals(10, blocks.records());
  }

  @Test
  void inOrderRefusesWhatIsOutside() {
    Order none = ShuffleSpec.NONE.order(3, 0, 0, DATA);
    assertEquals(2, none.record(2));
    assertEquals(2, none.position(2));
    assertThrows(IllegalArgumentException.class, () -> none.record(3));
    assertThrows(IllegalArgumentException.class, () -> none.position(-1));
  }

  /** Counts how often two records of one block are neighbours, over many seeds. */
  @Test
  void correlationIsWhatIsCounted() {
    int n = 6000;
    int block = 100;
    for (int window : new int[] {1, 3, 10, 60}) {
      ShuffleSpec shuffling = new ShuffleSpec(ShuffleSpec.Kind.BLOCKS, window, block);
      assertEquals(
          shuffling.correlation(n), counted(shuffling, n, block), 0.06 * shuffling.correlation(n));
    }
    assertEquals(1, counted(ShuffleSpec.GLOBAL, n, block), 0.06);
    assertEquals(1, ShuffleSpec.GLOBAL.correlation(n));
    assertEquals(1, ShuffleSpec.parse("blocks:9/1000").correlation(n));
    assertEquals(n / 2.0, counted(ShuffleSpec.NONE, n, 2), 0.06);
    assertEquals(n / 2.0, ShuffleSpec.NONE.correlation(n));
  }

  private static double counted(ShuffleSpec shuffling, int n, int block) {
    int epochs = 60;
    long together = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      Order order = shuffling.order(n, 1, epoch, DATA);
      for (int p = 1; p < n; p++) {
        together += order.record(p) / block == order.record(p - 1) / block ? 1 : 0;
      }
    }
    // Uniformly, each of n - 1 pairs is of one block with probability (block - 1) / (n - 1).
    return together / (epochs * (block - 1.0));
  }
}

package dev.stillhouse.storage.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostPolicyTest {
  @Test
  void names() {
    assertEquals(CostPolicy.TIME, CostPolicy.parse("time"));
    assertEquals(CostPolicy.DOLLARS, CostPolicy.parse("dollars"));
    assertEquals(CostPolicy.DOLLARS, CostPolicy.parse("0"));
    assertEquals(1, CostPolicy.parse("3600").perSecond());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "-1", "NaN", "Infinity", "1e999"})
  void whatIsNoneIsTold(String text) {
    UsageException e = assertThrows(UsageException.class, () -> CostPolicy.parse(text));
    assertTrue(String.valueOf(e.getMessage()).contains("'" + text + "'"), e.toString());
  }

  @Test
  void breakEvenIsRoundTripTimesRateInTime() {
    Link link = new Link("a", "b", 0.07, 0.03, 2e7, 1e9, 0.02e-9, 4e-7);
    assertEquals(0.1 * 2e7, CostPolicy.TIME.breakEven(link, 16), 1e-6);
    assertEquals(4e-7 / 0.02e-9, CostPolicy.DOLLARS.breakEven(link, 16), 1e-6);
  }

  @Test
  void timeDecidesWhereBytesAreFree() {
    Link link = new Link("a", "a", 0.001, 0.03, 7e7, 1e9, 0, 4e-7);
    double time = CostPolicy.TIME.breakEven(link, 16);
    double dollars = CostPolicy.DOLLARS.breakEven(link, 16);
    assertTrue(dollars > time && dollars < 2 * time, time + " and " + dollars + " bytes");
  }
}

package dev.stillhouse.storage.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
  @Test
  void names() {
    assertEquals(Policy.TIME, Policy.parse("time"));
    assertEquals(Policy.DOLLARS, Policy.parse("dollars"));
    assertEquals(Policy.DOLLARS, Policy.parse("0"));
    assertEquals(1, Policy.parse("3600").perSecond());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "-1", "NaN", "Infinity", "1e999"})
  void whatIsNoneIsTold(String text) {
    UsageException e = assertThrows(UsageException.class, () -> Policy.parse(text));
    assertTrue(String.valueOf(e.getMessage()).contains("'" + text + "'"), e.toString());
  }

  @Test
  void breakEvenIsRoundTripTimesRateInTime() {
    Link link = new Link("a", "b", 0.07, 0.03, 2e7, 1e9, 0.02e-9, 4e-7);
    assertEquals(0.1 * 2e7, Policy.TIME.breakEven(link, 16), 1e-6);
    assertEquals(4e-7 / 0.02e-9, Policy.DOLLARS.breakEven(link, 16), 1e-6);
  }

  @Test
  void timeDecidesWhereBytesAreFree() {
    Link link = new Link("a", "a", 0.001, 0.03, 7e7, 1e9, 0, 4e-7);
    double time = Policy.TIME.breakEven(link, 16);
    double dollars = Policy.DOLLARS.breakEven(link, 16);
    assertTrue(dollars > time && dollars < 2 * time, time + " and " + dollars + " bytes");
  }
}

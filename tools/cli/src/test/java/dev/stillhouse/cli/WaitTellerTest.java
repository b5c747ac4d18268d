package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Ticker;
import dev.stillhouse.storage.store.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitTellerTest {
  private final AtomicLong seconds = new AtomicLong();
  private final List<String> told = new ArrayList<>();
  private final Waits waits =
      new Waits(
          new Ticker() {
            @Override
            public long read() {
              return TimeUnit.SECONDS.toNanos(seconds.get());
            }
          });

  @Test
  void whatLastsIsToldTheLongestFirst() {
    try (WaitTeller teller = new WaitTeller(waits, told::add);
        Waits.Wait first = waits.on("a in region x")) {
      seconds.set(9);
      teller.tell();
      assertEquals(List.of(), told);
      try (Waits.Wait second = waits.on("b in region y")) {
        seconds.set(20);
        teller.tell();
        assertEquals(
            List.of("waiting for a in region x, for 20 s", "waiting for b in region y, for 11 s"),
            told);
        told.clear();
      }
      teller.tell();
      assertEquals(List.of("waiting for a in region x, for 20 s"), told);
      told.clear();
    }
    new WaitTeller(waits, told::add).tell();
    assertEquals(List.of(), told);
  }

  @Test
  void manyAreCounted() {
    for (int i = 0; i < 5; i++) {
      waits.on("blob " + i);
    }
    seconds.set(10);
    new WaitTeller(waits, told::add).tell();
    assertEquals(4, told.size());
    assertEquals("and for 2 more", told.get(3));
  }
}

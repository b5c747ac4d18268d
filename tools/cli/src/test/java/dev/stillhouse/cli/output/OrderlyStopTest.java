package dev.stillhouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OrderlyStopTest {
  @Test
  void theJvmIsKeptUntilTheCommandHasEndedNotItsStage() throws Exception {
    Thread interrupt;
    try (OrderlyStop stop = OrderlyStop.open()) {
      CountDownLatch asked = new CountDownLatch(1);
      try (var stage = OrderlyStop.onInterrupt(asked::countDown)) {
        interrupt = new Thread(stop::interrupted);
        interrupt.start();
        asked.await();
      }
      interrupt.join(200);
      assertTrue(interrupt.isAlive(), "the command still has its stores to close");
    }
    interrupt.join();
    assertFalse(interrupt.isAlive());
  }

  @Test
  void aStageThatBeginsTooLateIsStoppedAtOnce() throws Exception {
    AtomicInteger stopped = new AtomicInteger();
    try (OrderlyStop stop = OrderlyStop.open()) {
      stop.interrupted(); // No stage: it does not wait.
      OrderlyStop.onInterrupt(stopped::incrementAndGet).close();
    }
    assertEquals(1, stopped.get());
  }
}

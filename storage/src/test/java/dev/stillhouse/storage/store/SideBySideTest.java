package dev.stillhouse.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SideBySideTest {
  private static final List<Integer> MANY = IntStream.range(0, 1000).boxed().toList();

  @Test
  void resultsComeInTheirOrder() {
    assertEquals(MANY.stream().map(i -> i * i).toList(), SideBySide.map(MANY, i -> i * i));
    assertEquals(List.of(), SideBySide.map(List.of(), i -> i));
  }

  /** All four are in the barrier at once, on one core too. */
  @Test
  void itGoesSideBySideOnAnyNumberOfCores() {
    CyclicBarrier barrier = new CyclicBarrier(4);
    SideBySide.map(List.of(1, 2, 3, 4), i -> awaited(barrier));
  }

  private static int awaited(CyclicBarrier barrier) {
    try {
      return barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noMoreAtOnceThanTheLimit() {
    AtomicInteger running = new AtomicInteger();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    SideBySide.map(
        MANY,
        3,
        i -> {
          seen.add(running.incrementAndGet());
          LockSupport.parkNanos(10_000);
          return running.decrementAndGet();
        });
    assertTrue(seen.stream().allMatch(n -> n <= 3), seen.toString());
  }

  /** The first item waits until it is interrupted, so its error could never come first. */
  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, DataException.class})
  void whateverIsThrownComesAtOnceAndEndsTheOthers(Class<? extends Throwable> type)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Throwable thrown =
        type == DataException.class
            ? new DataException("planted")
            : type.getConstructor(String.class).newInstance("planted");
    Throwable came =
        assertThrows(
            Throwable.class,
            () ->
                SideBySide.map(
                    List.of(1, 2),
                    i -> {
                      if (i == 1) {
                        begun.countDown();
                        return waitForInterruption(ended);
                      }
                      awaited(begun);
                      Throwables.throwIfUnchecked(thrown);
                      throw new IllegalStateException("unreachable");
                    }));
    assertSame(thrown, came);
    ended.await();
  }

  @Test
  void interruptingTheCallerEndsAll() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch ended = new CountDownLatch(2);
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                begun.await();
              } catch (InterruptedException e) {
                return;
              }
              caller.interrupt();
            });
    interrupter.start();
    assertThrows(
        DataException.class,
        () ->
            SideBySide.map(
                List.of(1, 2),
                i -> {
                  begun.countDown();
                  return waitForInterruption(ended);
                }));
    assertTrue(Thread.interrupted(), "the caller still sees that it was interrupted");
    ended.await();
  }

  private static int waitForInterruption(CountDownLatch ended) {
    try {
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      ended.countDown();
      return 0;
    }
  }
}

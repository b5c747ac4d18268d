package dev.stillhouse.pipeline.teacher.ahead;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No time is measured here: who must be at work meanwhile is waited for. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AheadTest {
  private static final Selection SELECTION = Selection.topK(WaitingTeacher.V, 3);
  private static final StatisticSpec TOP_3 = StatisticSpec.parse("top-k:3");

  /** A batch of two sequences of three, numbered from {@code first} on. */
  private static TokenBatch batch(long first) {
    return new TokenBatch(first, 3, new int[] {1, 2, 3, 4, 5, 6}, new int[6]);
  }

  @Test
  void theBitsAreThoseOfTheTeacherAskedInPlace() {
    WaitingTeacher teacher = new WaitingTeacher(1, (sequence, slot) -> {});
    StatisticsAssembler direct = new StatisticsAssembler(teacher, TOP_3, WaitingTeacher.V);
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      StatisticsAssembler assembler =
          new StatisticsAssembler((DenseTeacher) ahead.teacher(), TOP_3, WaitingTeacher.V);
      TokenBatch next = batch(0);
      ahead.begin(next);
      for (int i = 1; i <= 50; i++) {
        TokenBatch now = next;
        next = batch(2L * i);
        ahead.begin(next);
        StatisticsBatch told = assembler.read(now);
        StatisticsBatch expected = direct.read(now);
        assertArrayEquals(expected.ids(), told.ids());
        assertArrayEquals(expected.logProbs(), told.logProbs());
        assertArrayEquals(expected.targetLogProb(), told.targetLogProb());
      }
    }
    assertNothingIsOpen(teacher);
  }

  @Test
  void theTeacherWorksWhileABlockIsReduced() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch nextBatch = new CountDownLatch(1);
    WaitingTeacher teacher =
        new WaitingTeacher(
            1,
            (sequence, slot) -> {
              if (sequence == 0 && slot == 1) {
                second.countDown();
              } else if (sequence == 2) {
                nextBatch.countDown();
              }
            });
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      ahead.begin(batch(0));
      ahead.begin(batch(2));
      DenseTeacher asked = (DenseTeacher) ahead.teacher();
      assertThrows(IllegalStateException.class, () -> asked.read(batch(4)));
      ahead.drop();
      TokenBatch one = batch(0);
      ahead.begin(one);
      ahead.begin(batch(2));
      try (LogitsCursor cursor = asked.read(one)) {
        for (int slot = 0; slot < one.slots(); slot++) {
          try (Logits block = cursor.next()) {
            assertEquals(slot, given(block).firstSlot());
            if (slot == 0) {
              await(second); // Asked in place, the teacher would not have begun with it.
            } else if (slot == 5) {
              await(nextBatch);
            }
          }
        }
      }
    }
    assertNothingIsOpen(teacher);
  }

  @Test
  void noMoreRowsWaitThanTheTeacherAskedFor() throws InterruptedException {
    Semaphore made = new Semaphore(0);
    WaitingTeacher teacher =
        new WaitingTeacher(4 * WaitingTeacher.V + 1, (s, slot) -> made.release());
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      TokenBatch one = batch(0);
      ahead.begin(one);
      ahead.begin(batch(2));
      try (LogitsCursor cursor = ((DenseTeacher) ahead.teacher()).read(one)) {
        for (Logits block = cursor.next(); block != null; block = cursor.next()) {
          try (Logits lent = block) {
            // One is reduced, two wait: the second went beyond the limit by being begun.
            assertTrue(made.tryAcquire(1, 30, TimeUnit.SECONDS));
            Thread.sleep(5);
          }
        }
      }
    }
    assertTrue(teacher.max.get() <= 4, "blocks at once: " + teacher.max);
    assertNothingIsOpen(teacher);
  }

  @Test
  void whatGoesWrongComesBehindTheBlocksBeforeIt() {
    DataException wrong = new DataException("the model is gone");
    WaitingTeacher teacher =
        new WaitingTeacher(
            1_000_000,
            (sequence, slot) -> {
              if (sequence == 0 && slot == 2) {
                throw wrong;
              }
            });
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      DenseTeacher asked = (DenseTeacher) ahead.teacher();
      try (LogitsCursor cursor = asked.read(batch(0))) {
        given(cursor.next()).close();
        given(cursor.next()).close();
        assertSame(wrong, assertThrows(DataException.class, cursor::next));
      }
      assertEquals(6, drain(asked.read(batch(2))), "the next batch is asked about all the same");
    }
    assertNothingIsOpen(teacher);
  }

  @Test
  void whoeverReducesMayStopAtAnyBlock() {
    WaitingTeacher teacher = new WaitingTeacher(1, (sequence, slot) -> {});
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      DenseTeacher asked = (DenseTeacher) ahead.teacher();
      for (int blocks = 0; blocks <= 6; blocks++) {
        try (LogitsCursor cursor = asked.read(batch(0))) {
          for (int i = 0; i < blocks; i++) {
            given(cursor.next()).close();
          }
        }
        ahead.begin(batch(2));
        ahead.drop();
      }
      assertEquals(6, drain(asked.read(batch(4))));
    }
    assertNothingIsOpen(teacher);
  }

  @Test
  void closingInterruptsATeacherThatWaits() throws InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    WaitingTeacher teacher =
        new WaitingTeacher(
            1,
            (sequence, slot) -> {
              waits.countDown();
              new CountDownLatch(1).await();
            });
    Ahead ahead = Ahead.of(teacher, SELECTION);
    ahead.begin(batch(0));
    await(waits);
    ahead.close(); // would wait for ever
    assertNothingIsOpen(teacher);
  }

  @Test
  void anInterruptIsKept() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch waits = new CountDownLatch(1);
    WaitingTeacher teacher =
        new WaitingTeacher(
            1,
            (sequence, slot) -> {
              waits.countDown();
              go.await();
            });
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    AtomicInteger kept = new AtomicInteger();
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      Thread extracts =
          new Thread(
              () -> {
                try (LogitsCursor cursor = ((DenseTeacher) ahead.teacher()).read(batch(0))) {
                  cursor.next();
                } catch (DataException e) {
                  thrown.set(e);
                  kept.set(Thread.currentThread().isInterrupted() ? 1 : 0);
                }
              });
      extracts.start();
      await(waits);
      extracts.interrupt();
      extracts.join();
      go.countDown();
    }
    assertTrue(String.valueOf(thrown.get()).contains("interrupted while waiting"), "" + thrown);
    assertEquals(1, kept.get());
    assertNothingIsOpen(teacher);
  }

  @Test
  void whoWaitsSaysForWhichTeacherAndSequences() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    WaitingTeacher teacher = new WaitingTeacher(1, (sequence, slot) -> go.await());
    String said = "the teacher waiting, asked about sequences 4444 to 4445";
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      AtomicInteger blocks = new AtomicInteger();
      Thread extracts =
          new Thread(() -> blocks.set(drain(((DenseTeacher) ahead.teacher()).read(batch(4444)))));
      extracts.start();
      while (waits(said) == 0) {
        assertTrue(extracts.isAlive());
        Thread.sleep(1);
      }
      go.countDown();
      extracts.join();
      assertEquals(6, blocks.get());
      assertEquals(0, waits(said));
    }
  }

  private static long waits(String said) {
    return Waits.OF_PROCESS.lasting(Duration.ZERO).stream()
        .filter(wait -> wait.startsWith(said))
        .count();
  }

  /** The waits of the thread that extracts are added up; the clock moves in a wait alone. */
  @Test
  @Timeout(60)
  void waitsAreAddedUp() {
    AtomicLong clock = new AtomicLong();
    WaitingTeacher dense =
        new WaitingTeacher(
            1,
            (sequence, slot) -> {
              if (slot < 2) {
                awaitWait("the teacher waiting, asked about sequences " + sequence);
                clock.addAndGet(3);
              }
            });
    try (Ahead ahead = Ahead.of(dense, SELECTION, clock::get)) {
      assertTrue(drain(((DenseTeacher) ahead.teacher()).read(batch(5000))) > 2);
      assertEquals(6, ahead.waitedNanos().getAsLong());
    }
    ReducedTeacher reduced =
        new ServedTeacher(0) {
          @Override
          public StatisticsBatch read(TokenBatch batch, Selection selection) {
            awaitWait("the teacher " + fingerprint() + ", asked about sequences 6000");
            clock.addAndGet(5);
            return StatisticsBatch.nulls(selection.spec(), batch);
          }
        };
    try (Ahead ahead = Ahead.of(reduced, SELECTION, clock::get)) {
      ((ReducedTeacher) ahead.teacher()).read(batch(6000), SELECTION);
      assertEquals(5, ahead.waitedNanos().getAsLong());
    }
    WaitingTeacher here = new WaitingTeacher(0, (sequence, slot) -> {});
    try (Ahead ahead = Ahead.of(here, SELECTION, clock::get)) {
      assertTrue(ahead.waitedNanos().isEmpty());
    }
  }

  private static void awaitWait(String said) {
    while (waits(said) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aTeacherOfThisMachineIsAskedInPlace() {
    WaitingTeacher teacher = new WaitingTeacher(0, (sequence, slot) -> {});
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      assertSame(teacher, ahead.teacher());
      ahead.begin(batch(0));
      assertEquals(0, teacher.cursors.get());
    }
  }

  @Test
  void aServedTeacherIsAskedAboutSeveralBatchesAtOnce() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(4);
    ReducedTeacher teacher =
        new ServedTeacher(4 * batch(0).slots()) {
          @Override
          public StatisticsBatch read(TokenBatch batch, Selection selection) {
            together.countDown();
            AheadTest.await(together);
            return StatisticsBatch.nulls(selection.spec(), batch);
          }
        };
    try (Ahead ahead = Ahead.of(teacher, SELECTION)) {
      List<TokenBatch> begun = new ArrayList<>();
      while (ahead.wantsMore()) {
        begun.add(batch(2L * begun.size()));
        ahead.begin(begun.get(begun.size() - 1));
      }
      assertEquals(4, begun.size());
      for (TokenBatch one : begun) {
        ReducedTeacher asked = (ReducedTeacher) ahead.teacher();
        assertSame(one, asked.read(one, SELECTION).tokens());
      }
      assertTrue(ahead.wantsMore());
    }
  }

  /** A reduced teacher without answers. */
  private abstract static class ServedTeacher implements ReducedTeacher {
    private final int positionsAhead;

    ServedTeacher(int positionsAhead) {
      this.positionsAhead = positionsAhead;
    }

    @Override
    public int positionsAhead() {
      return positionsAhead;
    }

    @Override
    public Set<Scalar> cannotGive() {
      return EnumSet.allOf(Scalar.class);
    }

    @Override
    public void check(Selection selection) {}

    @Override
    public String fingerprint() {
      return "served";
    }

    @Override
    public int vocabulary() {
      return WaitingTeacher.V;
    }

    @Override
    public boolean reproducible() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static int drain(LogitsCursor open) {
    int blocks = 0;
    try (LogitsCursor cursor = open) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        block.close();
        blocks++;
      }
      assertNull(cursor.next());
    }
    return blocks;
  }

  private static Logits given(@Nullable Logits block) {
    assertNotNull(block);
    return block;
  }

  private static void await(CountDownLatch latch) {
    assertTrue(Uninterruptibles.awaitUninterruptibly(latch, Duration.ofSeconds(30)), "idle");
  }

  private static void assertNothingIsOpen(WaitingTeacher teacher) {
    assertEquals(0, teacher.cursors.get(), "cursors");
    assertEquals(0, teacher.blocks.get(), "blocks");
  }
}

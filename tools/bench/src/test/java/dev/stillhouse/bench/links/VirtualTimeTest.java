package dev.stillhouse.bench.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.store.Timers.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The clock of the emulator. */
class VirtualTimeTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> ran = new ArrayList<>();

  private Timer add(long delay, String name) {
    return time.after(delay, () -> ran.add(name + "@" + time.nanos()));
  }

  @Test
  void runsTasksByTimeAndTiesInTheirOrder() {
    add(5, "b");
    add(2, "a");
    add(5, "c");
    time.after(5, () -> add(0, "e"));
    add(5, "d");
    time.runUntilIdle();
    assertEquals(List.of("a@2", "b@5", "c@5", "d@5", "e@5"), ran);
  }

  @Test
  void cancelledTasksDoNotRunAndTakeNoTime() {
    add(1, "a");
    Timer late = add(60_000, "late");
    late.cancel();
    time.runUntilIdle();
    assertEquals(List.of("a@1"), ran);
    assertEquals(1, time.nanos());
  }

  @Test
  void runsUntilATimeAndIsThere() {
    add(3, "a");
    add(7, "b");
    time.runUntil(5);
    assertEquals(List.of("a@3"), ran);
    assertEquals(5, time.nanos());
  }

  @Test
  void runsUntilAResultIsThere() {
    CompletableFuture<String> result = new CompletableFuture<>();
    time.after(4, () -> result.complete("x"));
    add(9, "later");
    assertEquals("x", time.get(result));
    assertEquals(4, time.nanos());
    assertEquals(List.of(), ran);
  }

  @Test
  void aResultThatNeverComesIsToldAtOnce() {
    add(3, "a");
    assertThrows(IllegalStateException.class, () -> time.get(new CompletableFuture<>()));
  }
}

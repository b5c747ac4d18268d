package dev.stillhouse.storage.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.VirtualTimers;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is fetched, how often, and how fast, in virtual time over a far link. */
@Timeout(60)
class FetchAheadTest {
  private static final int MB = 1 << 20;
  private static final double WAIT = 0.263;
  private static final double RATE = 17e6;

  private final MemoryStore blobs = new MemoryStore("far");
  private final VirtualTimers timers = new VirtualTimers();
  private final LinkedStore link = new LinkedStore(blobs, timers, WAIT, RATE);
  private final ReplicaReader reader = new ReplicaReader(List.of(link), new Ledger());
  private long peak;

  @AfterEach
  void close() {
    blobs.close();
  }

  /** Returns files of {@code rows} rows of 100 kB each. */
  private List<SampleFile> files(int count, int rows) {
    List<SampleFile> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SampleFile file = new SampleFile(reader, "file-" + i, rows, 20_000, 80_000);
      blobs.putIfAbsent(file.key(), file.bytes);
      files.add(file);
    }
    return files;
  }

  private static List<SampleFile.Task> tasks(List<SampleFile> files, int batch, boolean shuffled) {
    List<int[]> all = new ArrayList<>();
    for (int file = 0; file < files.size(); file++) {
      for (int row = 0; row < files.get(file).rows(); row++) {
        all.add(new int[] {file, row});
      }
    }
    if (shuffled) {
      Collections.shuffle(all, new Random(1));
    }
    List<SampleFile.Task> tasks = new ArrayList<>();
    for (int i = 0; i < all.size(); i += batch) {
      List<SampleFile.Rows> parts = new ArrayList<>();
      for (int file = 0; file < files.size(); file++) {
        int of = file;
        int[] rows =
            all.subList(i, Math.min(all.size(), i + batch)).stream()
                .filter(place -> place[0] == of)
                .mapToInt(place -> place[1])
                .toArray();
        if (rows.length > 0) {
          parts.add(files.get(file).part(rows));
        }
      }
      tasks.add(new SampleFile.Task(parts));
    }
    return tasks;
  }

  /** Takes all results as they come; returns the seconds that this took. */
  private double take(List<SampleFile.Task> tasks, FetchLimits limits) {
    double start = timers.nanos() / 1e9;
    try (FetchAhead<Integer> ahead =
        new FetchAhead<>(tasks.iterator(), limits, timers, Runnable::run, () -> {})) {
      for (SampleFile.Task task : tasks) {
        assertTrue(ahead.hasNext());
        while (!ahead.ready()) {
          assertTrue(timers.step(), "it waits for nothing");
        }
        assertEquals(task.sum(), ahead.next());
      }
      assertFalse(ahead.hasNext());
      assertEquals(0, ahead.bytes(), "nothing is held");
      peak = ahead.peakBytes();
    }
    return timers.nanos() / 1e9 - start;
  }

  private static FetchLimits limits(long bytes) {
    return new FetchLimits(bytes, true, 4, 64);
  }

  private static long bytes(List<SampleFile> files) {
    return files.stream().mapToLong(SampleFile::bytes).sum();
  }

  @Test
  void whatFitsIsFetchedWholeAtOnce() {
    List<SampleFile> files = files(4, 20);
    double seconds = take(tasks(files, 8, true), limits(64 * MB));
    assertEquals(bytes(files), link.bytes);
    // One wait, for no footer is asked for by itself; the first step's files come first.
    assertTrue(seconds < WAIT + 0.1, seconds + " s");
  }

  /** The footer comes, and is parsed, after the rest of its file: that must still be there. */
  @Test
  void whatFitsIsFetchedOnceThoughFootersAreSlow() {
    List<SampleFile> files = files(4, 20);
    List<SampleFile.Task> tasks = tasks(files, 8, true);
    link.firstWaits = 10; // Footers are asked for first.
    try (FetchAhead<Integer> ahead =
        new FetchAhead<>(
            tasks.iterator(),
            limits(64 * MB),
            timers,
            task -> timers.after(1_000_000_000, task),
            () -> {})) {
      for (SampleFile.Task task : tasks) {
        while (!ahead.ready()) {
          assertTrue(timers.step());
        }
        assertEquals(task.sum(), ahead.next());
      }
    }
    assertEquals(bytes(files), link.bytes);
  }

  @Test
  void epochsOverWhatFitsFetchItOnce() {
    List<SampleFile> files = files(4, 20);
    List<SampleFile.Task> three = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      three.addAll(tasks(files, 8, true));
    }
    take(three, limits(64 * MB));
    assertEquals(bytes(files), link.bytes);
  }

  @Test
  void inOrderEachByteOnceInLongRequests() {
    List<SampleFile> files = files(12, 80); // of 8 MB each
    double seconds = take(tasks(files, 8, false), limits(32 * MB));
    assertEquals(bytes(files), link.bytes);
    assertTrue(peak <= 32 * MB, "held " + peak);
    // At first short ones, which grow to 699 kB; a file of 8 MB has two columns.
    assertTrue(link.requests <= 200, link.requests + " requests");
    // A wait for the first footer; then what fits is under way together, four times.
    assertTrue(seconds < WAIT + 4.5 * (WAIT + 2e6 / RATE), seconds + " s");
  }

  @Test
  void whatDoesNotFitIsFetchedByRow() {
    List<SampleFile> files = files(12, 80);
    take(tasks(files, 8, true), limits(10 * MB));
    long footers = (long) files.size() * SampleFile.FOOTER;
    assertTrue(link.bytes <= bytes(files) * 1.03 + footers, link.bytes + " of " + bytes(files));
    assertTrue(peak <= 10 * MB, "held " + peak);
  }

  @Test
  void moreRequestsGoAtOnceWhileThatHelps() {
    List<SampleFile> files = files(20, 80);
    take(tasks(files, 8, true), limits(64 * MB));
    assertTrue(link.atOnce > 100, link.atOnce + " at once");
  }

  @Test
  void aTaskThatNeedsMoreThanTheBoundIsAnErrorInItsPlace() {
    List<SampleFile> files = files(2, 80);
    List<SampleFile.Task> tasks = new ArrayList<>(tasks(files, 8, false));
    tasks.set(3, new SampleFile.Task(List.of(files.get(0).part(IntStream.range(0, 60).toArray()))));
    try (FetchAhead<Integer> ahead =
        new FetchAhead<>(tasks.iterator(), limits(2 * MB), timers, Runnable::run, () -> {})) {
      for (int i = 0; i < 3; i++) {
        while (!ahead.ready()) {
          assertTrue(timers.step());
        }
        assertEquals(tasks.get(i).sum(), ahead.next());
      }
      while (!ahead.ready()) {
        assertTrue(timers.step());
      }
      UsageException e = assertThrows(UsageException.class, ahead::next);
      assertTrue(String.valueOf(e.getMessage()).contains("1,966,080 bytes"), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).contains("6,000,000"), e.getMessage());
    }
  }

  @Test
  void withoutAStrictBoundSuchATaskIsFetchedAlone() {
    List<SampleFile> files = files(2, 80);
    List<SampleFile.Task> tasks = new ArrayList<>(tasks(files, 8, false));
    tasks.set(3, new SampleFile.Task(List.of(files.get(0).part(IntStream.range(0, 60).toArray()))));
    take(tasks, new FetchLimits(2 * MB, false, 4, 16));
    assertTrue(peak < 7_000_000, "held " + peak);
  }
}

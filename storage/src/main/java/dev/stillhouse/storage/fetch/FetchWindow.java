package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.FetchedRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which bytes are fetched and which are kept: the state of a {@link FetchAhead}, without
 * threads, clocks or requests of its own. Its owner's lock guards it.
 *
 * <p>Tasks are <i>drawn</i> in their order, some way beyond what memory holds, and <i>admitted</i>
 * in their order while all their bytes fit. An admitted task's bytes stay until it is done, so the
 * first one that is not done can always run. Many are admitted together, when an eighth of the
 * memory is free, so that what they want of one file makes long runs.
 *
 * @param <T> of a result
 */
final class FetchWindow<T> {
  /** A file of which this share of the rows is wanted is fetched whole. */
  private static final double NEARLY_WHOLE = 0.98;

  /** Footers of what comes next have this part of the memory, or they would wait for the rest. */
  private static final int FOOTERS_PART = 16;

  private static final int MAX_TASKS = 4096;
  private static final int MAX_FOOTERS = 64;

  private final TaskSource<T> source;
  private final FetchLimits limits;
  private final long maxBytes;
  private final IdentityHashMap<FetchedFile, WindowFile> files = new IdentityHashMap<>();
  private final Deque<WindowTask<T>> fresh = new ArrayDeque<>();
  private final Deque<WindowTask<T>> drawn = new ArrayDeque<>();
  private final PriorityQueue<Extent> toSend = new PriorityQueue<>(Extent.FIRST_WANTED);
  private final Set<WindowFile> openable = new LinkedHashSet<>();
  private long drawnEstimate;
  private boolean begun;
  private boolean ended;
  private int running;
  private int footers;
  private long total;
  private long bytes;
  private long peak;

  FetchWindow(Iterator<? extends FetchTask<T>> tasks, FetchLimits limits) {
    this.source = new TaskSource<>(tasks);
    this.limits = limits;
    this.maxBytes = limits.maxBytes() - limits.maxBytes() / FOOTERS_PART;
  }

  /** Draws and admits tasks as far as the bounds allow. */
  void fill() {
    draw();
    decide();
    if (!begun) {
      begun = admit(1) > 0; // The first is asked for by itself, so that it comes soon.
    }
    if (begun) {
      admit(MAX_TASKS);
    }
  }

  /** Returns the next task that was drawn since the last call; null if there is none. */
  @Nullable WindowTask<T> drawn() {
    return fresh.poll();
  }

  /** Returns the request to send next; null if there is none. */
  @Nullable Extent toSend() {
    return toSend.poll();
  }

  /** Returns whether requests wait to be sent. */
  boolean sends() {
    return !toSend.isEmpty();
  }

  /** Returns files whose footers are there and are to be parsed, each once. */
  List<WindowFile> openable() {
    List<WindowFile> all = List.copyOf(openable);
    openable.clear();
    return all;
  }

  /** Returns the bytes that are held or under way. */
  long bytes() {
    return bytes;
  }

  /** Returns the most {@link #bytes} so far. */
  long peakBytes() {
    return peak;
  }

  private void draw() {
    while (drawnEstimate < 2 * maxBytes && running + drawn.size() < MAX_TASKS) {
      WindowTask<T> task = source.next();
      if (task == null) {
        ended = true;
        return;
      }
      fresh.add(task);
      for (FilePart part : task.task.parts()) {
        FetchedFile file = part.file();
        WindowFile known = files.computeIfAbsent(file, WindowFile::new);
        known.rows += part.rows();
        known.someColumns |= !part.wholeRows();
        task.parts.add(new WindowTask.Part(part, known));
        task.estimate += (long) ((double) part.rows() / Math.max(1, file.rows()) * file.bytes());
      }
      drawnEstimate += task.estimate;
      if (task.state != WindowTask.State.DONE) {
        drawn.add(task);
      }
    }
  }

  /** Decides how files are fetched that tasks will want soon, and asks for their footers. */
  private void decide() {
    long ahead = 0;
    for (WindowTask<T> task : drawn) {
      if (ahead > maxBytes || footers >= MAX_FOOTERS) {
        return;
      }
      ahead += task.estimate;
      for (WindowTask.Part part : task.parts) {
        if (part.file.mode == WindowFile.Mode.UNDECIDED && !decide(part.file, task.number)) {
          return;
        }
      }
    }
  }

  /** Decides, unless there is no room for the footer. */
  private boolean decide(WindowFile known, long first) {
    FetchedFile file = known.file;
    boolean nearly = !known.someColumns && known.rows >= NEARLY_WHOLE * file.rows();
    if (nearly && file.bytes() <= maxBytes / 4) {
      known.mode = WindowFile.Mode.WHOLE;
    } else if (file.opened()) {
      known.mode = WindowFile.Mode.RANGES;
    } else if (bytes + file.footer().length() <= limits.maxBytes()) {
      askFooter(known, first);
    } else if (running == 0 && footers == 0) {
      evict(); // Nothing else would make room.
      askFooter(known, first);
    } else {
      return false;
    }
    return true;
  }

  private void askFooter(WindowFile file, long first) {
    file.mode = WindowFile.Mode.RANGES;
    footers++;
    Extent footer = add(file, file.file.footer());
    footer.firstTask = first;
    footer.onlyFooter = true;
    toSend.add(footer);
  }

  private Extent add(WindowFile file, ByteRange range) {
    total += range.length();
    bytes += range.length();
    peak = Math.max(peak, bytes);
    return file.add(range);
  }

  /**
   * Admits tasks in their order, if there is room for a good many, or if none is running.
   *
   * @return how many
   */
  private int admit(int max) {
    if (running > 0 && maxBytes - bytes < maxBytes / 8) {
      return 0;
    }
    FetchRound round = new FetchRound();
    List<WindowTask<T>> admitted = new ArrayList<>();
    for (WindowTask<T> task = drawn.peek();
        task != null && admitted.size() < max && task.known();
        task = drawn.peek()) {
      boolean fits = bytes + round.bytes() + task.need() <= maxBytes;
      if (!fits && (running > 0 || !alone(task))) {
        break;
      }
      drawn.remove();
      if (task.state == WindowTask.State.DONE) { // It needs more than the bound.
        forget(task);
        continue;
      }
      task.state = WindowTask.State.ADMITTED;
      running++;
      task.parts.forEach(part -> part.file.admittedRows += part.part.rows());
      admitted.add(task);
      round.plan(task);
    }
    List<Extent> made = new ArrayList<>();
    round.request(
        limits.maxRequest(),
        total,
        ended && drawn.isEmpty(),
        maxBytes - bytes - round.bytes(),
        (file, range) -> made.add(add(file, range)));
    admitted.forEach(WindowTask::attach);
    toSend.addAll(made); // Now they know their tasks, and so their order.
    return admitted.size();
  }

  /** Makes room for a task that nothing else runs beside; returns whether it is taken. */
  private boolean alone(WindowTask<T> task) {
    evict();
    if (bytes + task.need() <= maxBytes) {
      return true;
    }
    boolean fewer = false;
    for (WindowTask.Part part : task.parts) {
      if (part.file.mode == WindowFile.Mode.WHOLE && !part.file.wholePlanned) {
        fewer = true;
        if (part.file.file.opened()) {
          part.file.mode = WindowFile.Mode.RANGES;
        } else {
          askFooter(part.file, task.number);
        }
      }
    }
    if (fewer && task.known() && bytes + task.need() <= maxBytes) {
      return true;
    }
    if (bytes > 0) {
      return false; // Footers are on their way.
    }
    if (limits.strict()) {
      task.fail(
          UsageException.of(
              "the memory bound leaves %,d bytes for fetched bytes, one step needs %,d: allow more"
                  + " memory, take smaller batches, or choose a layout that reads rows singly",
              maxBytes, task.need()));
    }
    return true;
  }

  /** Drops bytes that no admitted task wants. */
  private void evict() {
    for (WindowFile file : files.values()) {
      for (Extent extent : List.copyOf(file.extents())) {
        if (extent.uses == 0 && extent.settled() && !file.opening) {
          drop(extent);
          file.wholePlanned = false; // A task that wants it whole asks again for what is gone.
        }
      }
    }
  }

  /** Takes an answer; null if no replica gave one. */
  void arrived(Extent extent, @Nullable FetchedRange fetched) {
    if (extent.onlyFooter) {
      footers--;
    }
    extent.fetched = fetched;
    extent.failed = fetched == null;
    extent.waiting.forEach(task -> task.waiting--);
    extent.waiting.clear();
    WindowFile file = extent.file;
    boolean footer = extent.range.end() > file.file.footer().offset();
    boolean unknown = !file.file.opened() || !file.unresolved.isEmpty();
    if (footer && unknown && !file.opening) {
      if (file.holding(file.file.footer()).stream().allMatch(Extent::settled)) {
        file.opening = true;
        openable.add(file);
      }
    } else {
      settle(file);
    }
  }

  /** Takes a footer that was parsed, or found wrong. */
  void opened(WindowFile file, boolean right) {
    file.opening = false;
    if (!right) {
      file.mode = WindowFile.Mode.DIRECT;
    }
    for (WindowTask<?> task : file.unresolved) {
      task.waiting--;
      for (WindowTask.Part part : task.parts) {
        if (part.file == file && part.ranges == null && right && part.resolve()) {
          task.use(part);
        }
      }
    }
    file.unresolved.clear();
    settle(file);
  }

  /** Returns the bytes of a task's part; empty if not all are there. */
  Optional<List<FetchedRange>> bytes(WindowTask.Part part) {
    if (part.ranges == null) {
      return Optional.empty();
    }
    List<FetchedRange> all = new ArrayList<>();
    for (ByteRange range : part.ranges()) {
      Optional<FetchedRange> its = part.file.bytes(range);
      if (its.isEmpty()) {
        return Optional.empty();
      }
      all.add(its.get());
    }
    return Optional.of(all);
  }

  /** Lets go of a task's bytes. */
  void done(WindowTask<T> task) {
    running--;
    task.state = WindowTask.State.DONE;
    task.release();
    task.parts.forEach(part -> part.file.admittedRows -= part.part.rows());
    forget(task);
  }

  private void forget(WindowTask<T> task) {
    drawnEstimate -= task.estimate;
    for (WindowTask.Part part : task.parts) {
      part.file.rows -= part.part.rows();
      settle(part.file);
    }
  }

  /** Drops what no task in the window wants. */
  private void settle(WindowFile file) {
    boolean wanted = file.rows > file.admittedRows || !file.unresolved.isEmpty();
    boolean keep = file.mode == WindowFile.Mode.WHOLE && wanted;
    if (!keep && !file.opening) {
      for (Extent extent : List.copyOf(file.extents())) {
        if (extent.uses == 0 && extent.settled()) {
          drop(extent);
        }
      }
    }
    if (file.rows == 0 && file.extents().isEmpty()) {
      files.remove(file.file);
    }
  }

  private void drop(Extent extent) {
    extent.file.drop(extent);
    bytes -= extent.range.length();
  }

  /** Drops everything; returns what may be under way. */
  List<Extent> clear() {
    List<Extent> left = new ArrayList<>();
    files.values().forEach(file -> left.addAll(file.extents()));
    files.clear();
    toSend.clear();
    drawn.clear();
    fresh.clear();
    bytes = 0;
    return left;
  }
}

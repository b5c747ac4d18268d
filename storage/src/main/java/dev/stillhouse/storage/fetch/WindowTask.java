package dev.stillhouse.storage.fetch;

import static com.google.common.base.Preconditions.checkNotNull;

import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task in the window of a {@link FetchAhead}, whose lock guards it.
 *
 * @param <T> of its result
 */
final class WindowTask<T> {
  /** How far a task is. */
  enum State {
    /** Its files are known. */
    DRAWN,
    /** Its bytes are there or asked for. */
    ADMITTED,
    /** It was handed to a thread. */
    RUNNING,
    /** It has a result or an error. */
    DONE
  }

  /** What it reads of one file. */
  static final class Part {
    private static final long GB = 1 << 30;

    final FilePart part;
    final WindowFile file;

    /** Where the part lies; null while the footer is not known. */
    @Nullable List<ByteRange> ranges;

    Part(FilePart part, WindowFile file) {
      this.part = part;
      this.file = file;
    }

    /** Finds where the part lies; false if its layout cannot say, which the task meets again. */
    boolean resolve() {
      try {
        ranges = part.ranges();
        return true;
      } catch (RuntimeException | Error e) {
        return false;
      }
    }

    /** Returns what the part wants and is not planned yet. */
    List<ByteRange> missing() {
      if (file.mode == WindowFile.Mode.WHOLE) {
        return file.wholePlanned ? List.of() : file.missing(Requests.cut(0, file.file.bytes(), GB));
      }
      return ranges == null ? List.of() : file.missing(ranges);
    }

    /** Returns where the part lies; its file is opened. */
    List<ByteRange> ranges() {
      return checkNotNull(ranges);
    }
  }

  final long number;
  final FetchTask<T> task;
  final List<Part> parts = new ArrayList<>();
  final CompletableFuture<T> result = new CompletableFuture<>();
  State state = State.DRAWN;

  /** Bytes that it reads, estimated by the average row. */
  long estimate;

  /** Extents and footers that it waits for. */
  int waiting;

  WindowTask(long number, FetchTask<T> task) {
    this.number = number;
    this.task = task;
  }

  /** Ends without having run. */
  void fail(Throwable error) {
    state = State.DONE;
    result.completeExceptionally(error);
  }

  /**
   * Returns whether the ranges of all parts are known, or not needed. Finds them as far as footers
   * tell.
   */
  boolean known() {
    for (Part part : parts) {
      WindowFile file = part.file;
      if (file.mode == WindowFile.Mode.UNDECIDED) {
        return false;
      }
      boolean opened = file.mode != WindowFile.Mode.DIRECT && file.file.opened();
      if (part.ranges == null && opened && !part.resolve()) {
        file.mode = WindowFile.Mode.DIRECT;
      }
      if (part.ranges == null && file.mode == WindowFile.Mode.RANGES) {
        return false;
      }
    }
    return true;
  }

  /** Returns the bytes that are not planned yet. */
  long need() {
    return parts.stream()
        .flatMap(part -> part.missing().stream())
        .mapToLong(ByteRange::length)
        .sum();
  }

  /** Waits for extents of all parts; for the footer of a whole file that is on its way. */
  void attach() {
    for (Part part : parts) {
      if (part.ranges != null) {
        use(part);
      } else if (part.file.mode == WindowFile.Mode.WHOLE) {
        waiting++;
        part.file.unresolved.add(this);
        part.file.extents().forEach(this::wants);
      }
    }
  }

  /** Waits for the extents of a part. */
  void use(Part part) {
    for (ByteRange range : part.ranges()) {
      for (Extent extent : part.file.holding(range)) {
        extent.uses++;
        wants(extent);
        if (!extent.settled()) {
          extent.waiting.add(this);
          waiting++;
        }
      }
    }
  }

  private void wants(Extent extent) {
    extent.firstTask = Math.min(extent.firstTask, number);
  }

  /** Lets go of what {@link #use} took. */
  void release() {
    for (Part part : parts) {
      if (part.ranges != null) {
        for (ByteRange range : part.ranges()) {
          part.file.holding(range).forEach(extent -> extent.uses--);
        }
      }
    }
  }
}

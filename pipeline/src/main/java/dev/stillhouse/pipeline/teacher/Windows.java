package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts segments into windows for the model. A segment longer than W is read in windows of W tokens
 * that start S apart; of each window but the first only the rows behind the one before are used. So
 * position t of a segment is predicted from at least {@code min(t + 1, W - S + 1)} tokens.
 *
 * @param length tokens of the text in a window (W); null if a segment is read whole, whatever its
 *     length
 * @param stride tokens from one window's start to the next (S); W if there is no W
 */
public record Windows(@Nullable Integer length, int stride) {
  /**
   * Consecutive tokens of one segment, and the rows that are kept of them.
   *
   * @param start slot of its first token
   * @param length tokens
   * @param firstUsed first row that is kept, within the window
   */
  public record Window(int start, int length, int firstUsed) {}

  /**
   * Returns the windows for a person's settings and a model's limits; {@code bos} takes one of the
   * model's places.
   *
   * @param teacher its name, for errors
   */
  public static Windows of(
      String teacher, @Nullable Integer context, @Nullable Integer stride, boolean bos) {
    if (context == null) {
      if (stride != null) {
        throw UsageException.of(
            "%s: stride=%d without a context; add context=C, the most tokens that the model"
                + " takes",
            teacher, stride);
      }
      return new Windows(null, 0);
    }
    int length = context - (bos ? 1 : 0);
    if (length < 1) {
      throw UsageException.of(
          "%s: context=%d leaves no place behind bos; need >= 2", teacher, context);
    }
    int step = stride == null ? (length + 1) / 2 : stride;
    if (step > length) {
      throw UsageException.of(
          "%s: stride=%d would pass over positions; need <= %d, the window", teacher, step, length);
    }
    return new Windows(length, step);
  }

  /** Returns all windows of a batch, in slot order. */
  public List<Window> cut(TokenBatch batch) {
    List<Window> windows = new ArrayList<>();
    for (int slot = 0, end; slot < batch.slots(); slot = end) {
      end = batch.segmentEnd(slot);
      if (!batch.padding(slot)) {
        cut(slot, end, windows);
      }
    }
    return windows;
  }

  private void cut(int start, int end, List<Window> into) {
    int max = length == null ? end - start : Math.min(length, end - start);
    int done = start; // slots before this have a row
    for (int from = start; done < end; from += stride) {
      int to = Math.min(end, from + max);
      into.add(new Window(from, to - from, done - from));
      done = to;
    }
  }

  /** Returns the settings as text, for the teacher's fingerprint. */
  public String canonical() {
    return length == null ? "whole segments" : "window=" + length + " stride=" + stride;
  }
}

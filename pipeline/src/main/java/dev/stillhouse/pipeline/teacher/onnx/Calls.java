package dev.stillhouse.pipeline.teacher.onnx;

import dev.stillhouse.pipeline.teacher.Windows.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups windows of similar length into calls of the model. The rule depends on the batch alone,
 * and batches are cut by the plan, so that a rerun makes the same calls (law 4).
 *
 * @param maxPositions of a call, padding included; a longer window gets a call of its own
 * @param rows the model's fixed number of rows, or null
 * @param length the model's fixed length, or null
 * @param prefix tokens that are put before each window
 */
record Calls(int maxPositions, @Nullable Integer rows, @Nullable Integer length, int prefix) {
  /**
   * One call.
   *
   * @param rows of the model's input; those behind the windows are padding
   * @param length tokens of each row, prefix included; shorter windows are padded on the right
   */
  record Call(List<Window> windows, int rows, int length) {}

  /**
   * Padding may be one in this many positions of a call: more takes more time than another call.
   */
  private static final int WASTE = 8;

  List<Call> group(List<Window> windows) {
    List<Window> sorted = new ArrayList<>(windows);
    sorted.sort(Comparator.comparingInt(Window::length).reversed()); // stable: then slot order
    List<Call> calls = new ArrayList<>();
    List<Window> group = new ArrayList<>();
    long real = 0;
    for (Window window : sorted) {
      if (!group.isEmpty() && !fits(group, real, window)) {
        calls.add(call(group));
        group = new ArrayList<>();
        real = 0;
      }
      group.add(window);
      real += prefix + window.length();
    }
    if (!group.isEmpty()) {
      calls.add(call(group));
    }
    return calls;
  }

  private boolean fits(List<Window> group, long real, Window next) {
    if (rows != null) {
      return group.size() < rows;
    }
    long padded = (group.size() + 1L) * padded(group);
    long used = real + prefix + next.length();
    return padded <= maxPositions && (length != null || padded - used <= padded / WASTE);
  }

  /** Returns the length of a call's rows: that of its first window, which is its longest. */
  private int padded(List<Window> group) {
    return length == null ? prefix + group.get(0).length() : length;
  }

  private Call call(List<Window> group) {
    return new Call(List.copyOf(group), rows == null ? group.size() : rows, padded(group));
  }
}

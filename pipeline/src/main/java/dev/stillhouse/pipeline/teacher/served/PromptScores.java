package dev.stillhouse.pipeline.teacher.served;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a server said of one prompt: row i are entries of the distribution of token i. Entries stand
 * in the server's order.
 */
final class PromptScores {
  private int rows;
  private int[] offsets = new int[64];
  private int[] ids = new int[1 << 10];
  private float[] logProbs = new float[1 << 10];
  private boolean[] given = new boolean[64];
  private int @Nullable [] echoed;
  private float @Nullable [] targets;
  private float @Nullable [] forced;

  /** Begins a row. A row that the server left out is {@code null} in its answer, and has none. */
  void beginRow(boolean isGiven) {
    if (rows + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      given = Arrays.copyOf(given, 2 * given.length);
    }
    given[rows] = isGiven;
    rows++;
    offsets[rows] = offsets[rows - 1];
  }

  /** Adds an entry to the row. */
  void add(int id, float logProb) {
    int at = offsets[rows];
    if (at == ids.length) {
      ids = Arrays.copyOf(ids, 2 * at);
      logProbs = Arrays.copyOf(logProbs, 2 * at);
    }
    ids[at] = id;
    logProbs[at] = logProb;
    offsets[rows]++;
  }

  /** Adds rows of the same width, from flat arrays, which it keeps if it has no entry yet. */
  void addRows(int count, int width, int[] moreIds, float[] moreLogProbs) {
    if (offsets[rows] > 0) {
      throw new IllegalStateException("PromptScores: flat rows come first");
    }
    ids = moreIds;
    logProbs = moreLogProbs;
    for (int row = 0; row < count; row++) {
      beginRow(true);
      offsets[rows] += width;
    }
  }

  /** Keeps the prompt as the server says that it read it. */
  void echo(int[] tokens) {
    echoed = tokens;
  }

  /** Returns the prompt as the server says that it read it; null if it does not tell. */
  int @Nullable [] echoed() {
    return echoed;
  }

  /** Keeps the log-prob of each token of the prompt, nats, where they come beside the entries. */
  void targets(float[] logProbs) {
    targets = logProbs;
  }

  /** Returns the log-prob of a row's own token, if the server gives it beside the entries. */
  float target(int row) {
    return targets == null ? Float.NaN : targets[row];
  }

  /** Keeps the log-probs of ids that were asked for by name, {@code [rows][ids]}. */
  void forced(float[] logProbs) {
    forced = logProbs;
  }

  /** Returns the log-probs of ids that were asked for by name; null without. */
  float @Nullable [] forced() {
    return forced;
  }

  int rows() {
    return rows;
  }

  /** Returns whether a row is there, rather than {@code null}. */
  boolean given(int row) {
    return given[row];
  }

  /** Returns the index of a row's first entry; that of row {@code rows()} is the end. */
  int offset(int row) {
    return offsets[row];
  }

  int id(int entry) {
    return ids[entry];
  }

  /** Returns nats; NaN where the server wrote null. */
  float logProb(int entry) {
    return logProbs[entry];
  }
}

package dev.stillhouse.pipeline.formats.export;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;

/** Goes through the segments of a row: for most trainers a sample is one segment. */
final class Segments {
  private Segments() {}

  /** Takes one segment's slots, row-major. */
  interface Each {
    void take(int from, int end) throws IOException;
  }

  /**
   * Gives the segments of two tokens or more, which have something to predict; returns their
   * number.
   */
  static int pairs(TokenBatch tokens, int row, Each each) throws IOException {
    int[] single = new int[1];
    int all =
        each(
            tokens,
            row,
            (from, end) -> {
              if (end - from < 2) {
                single[0]++;
              } else {
                each.take(from, end);
              }
            });
    return all - single[0];
  }

  /** Gives the segments of a row; returns their number. */
  static int each(TokenBatch tokens, int row, Each each) throws IOException {
    int segments = 0;
    int end = (row + 1) * tokens.length();
    for (int from = row * tokens.length(); from < end; ) {
      int to = tokens.segmentEnd(from);
      if (!tokens.padding(from)) {
        each.take(from, to);
        segments++;
      }
      from = to;
    }
    return segments;
  }
}

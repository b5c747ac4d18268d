package dev.stillhouse.pipeline.packing;

import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.List;

/** Takes packed sequences, one row at a time, in order. */
@FunctionalInterface
public interface SequenceSink {
  /**
   * Takes a row, which belongs to the sink from now on.
   *
   * @param tokens {@code [T]} ids, 0 in padding
   * @param segments {@code [T]} segment numbers from 0, -1 in padding
   * @param sources of each segment in order: {@code sources.get(segments[t])} is slot t's
   */
  void accept(int[] tokens, int[] segments, List<SegmentSource> sources);
}

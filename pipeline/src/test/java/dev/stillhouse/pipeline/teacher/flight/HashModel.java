package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.storage.statistics.TokenBatch;
import org.jspecify.annotations.Nullable;

/**
 * Logits that are a hash of the tokens up to each, with many ties and some -inf: the same numbers
 * as {@code flight/hash_model.py}.
 */
final class HashModel implements DenseTeacher {
  static final int V = 997;

  /** Returns the row behind tokens {@code from .. to - 1}. */
  static float[] row(int[] tokens, int from, int to) {
    long state = 0;
    for (int t = from; t < to; t++) {
      state = state * 6364136223846793005L + tokens[t] + 1442695040888963407L;
    }
    float[] row = new float[V];
    for (int id = 0; id < V; id++) {
      long x = state ^ (id * 0x9E3779B97F4A7C15L);
      x ^= x >>> 29;
      x *= 0xBF58476D1CE4E5B9L;
      x ^= x >>> 32;
      row[id] = (x & 1023) == 0 ? Float.NEGATIVE_INFINITY : (x >>> 40) % 2001 / 64f;
    }
    return row;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    TokenIds.check(batch, V);
    return new LogitsCursor() {
      private int slot;
      private int start;

      @Override
      public @Nullable Logits next() {
        while (slot < batch.slots() && batch.padding(slot)) {
          slot++;
        }
        if (slot == batch.slots()) {
          return null;
        }
        boolean first =
            slot % batch.length() == 0 || batch.segments()[slot - 1] != batch.segments()[slot];
        start = first ? slot : start;
        LogitBuffer row = LogitBuffer.float32(row(batch.tokens(), start, slot + 1));
        return new Logits(row, slot++, 1, V, () -> {});
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String fingerprint() {
    return "hash model";
  }

  @Override
  public int vocabulary() {
    return V;
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public void close() {}
}

package dev.stillhouse.pipeline.teacher.check;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** Some prompts from a corpus's tokens, of different lengths, and the batches to put them in. */
final class Prompts {
  /** Positions of all prompts together: enough to show a difference, and few for a slow teacher. */
  private static final int POSITIONS = 48;

  /** Max logits that are held of one batch: 32 MiB. */
  private static final int LOGITS = 8 << 20;

  /** Max positions that are read of a recording; also the min, whatever the width of its rows. */
  private static final int RECORDED = 256;

  private static final int RECORDED_MIN = 40;

  private static final int SHORTEST = 2;

  private final int[][] tokens;
  private final int vocabulary;

  private Prompts(int[][] tokens, int vocabulary) {
    this.tokens = tokens;
    this.vocabulary = vocabulary;
  }

  /** Returns prompts from a sample; none if it has too few tokens. */
  static Prompts of(TokenBatch sample, int vocabulary) {
    int[] real = real(sample);
    // A served model may not tell its vocabulary; it holds the ids of its own text.
    boolean told = vocabulary < Integer.MAX_VALUE;
    int known = told ? vocabulary : 1 + Arrays.stream(real).max().orElse(0);
    int budget = Math.max(3 * SHORTEST, told ? Math.min(POSITIONS, LOGITS / known) : POSITIONS);
    int half = Math.max(SHORTEST, Math.min(budget, real.length) / 2);
    int longest = Math.min(sample.length(), half);
    List<int[]> prompts = new ArrayList<>();
    int from = 0;
    for (int length : new int[] {longest, longest * 2 / 3, longest / 3}) {
      int taken = Math.min(Math.max(SHORTEST, length), real.length - from);
      if (taken >= SHORTEST && longest >= SHORTEST) {
        prompts.add(Arrays.copyOfRange(real, from, from + taken));
        from += taken;
      }
    }
    return new Prompts(prompts.toArray(int[][]::new), known);
  }

  private static int[] real(TokenBatch sample) {
    int[] real = new int[sample.positions()];
    int count = 0;
    for (int slot = 0; slot < sample.slots(); slot++) {
      if (!sample.padding(slot)) {
        real[count++] = sample.tokens()[slot];
      }
    }
    return real;
  }

  /** Returns the batch with all but its first rows replaced by padding. */
  static TokenBatch head(TokenBatch batch, int vocabulary, IntPredicate hasRow) {
    int left = Math.max(RECORDED_MIN, Math.min(RECORDED, LOGITS / vocabulary));
    int[] segments = batch.segments().clone();
    for (int slot = 0; slot < segments.length; slot++) {
      if (!batch.padding(slot) && (hasRow.test(slot) ? left-- : left) <= 0) {
        segments[slot] = TokenBatch.PADDING;
      }
    }
    return new TokenBatch(batch.firstSequence(), batch.length(), batch.tokens(), segments);
  }

  boolean isEmpty() {
    return tokens.length == 0;
  }

  int size() {
    return tokens.length;
  }

  int length(int prompt) {
    return tokens[prompt].length;
  }

  /** Returns the first position whose token {@link #withOtherEnds} changes. */
  int end(int prompt) {
    return length(prompt) - Math.max(1, length(prompt) / 3);
  }

  /** Returns the same prompts with other tokens at their ends. */
  Prompts withOtherEnds() {
    int[][] changed = new int[size()][];
    for (int p = 0; p < size(); p++) {
      changed[p] = tokens[p].clone();
      for (int t = end(p); t < length(p); t++) {
        changed[p][t] = (tokens[p][t] + 1 + vocabulary / 2) % vocabulary;
      }
    }
    return new Prompts(changed, vocabulary);
  }

  /** Returns a sequence for each prompt, padded to the longest. */
  TokenBatch together() {
    int length = longest();
    int[] ids = new int[size() * length];
    int[] segments = new int[ids.length];
    Arrays.fill(segments, TokenBatch.PADDING);
    for (int p = 0; p < size(); p++) {
      System.arraycopy(tokens[p], 0, ids, p * length, length(p));
      Arrays.fill(segments, p * length, p * length + length(p), 0);
    }
    return new TokenBatch(0, length, ids, segments);
  }

  private int longest() {
    return Arrays.stream(tokens).mapToInt(prompt -> prompt.length).max().orElse(0);
  }

  /** Returns the slot of a prompt's position in {@link #together}. */
  int slot(int prompt, int position) {
    return prompt * longest() + position;
  }

  /** Returns one sequence that is one prompt. */
  TokenBatch alone(int prompt) {
    return new TokenBatch(0, length(prompt), tokens[prompt], new int[length(prompt)]);
  }

  /** Returns one sequence of all prompts, a segment each; the last comes first. */
  TokenBatch packed() {
    int slots = Arrays.stream(tokens).mapToInt(prompt -> prompt.length).sum();
    int[] ids = new int[slots];
    int[] segments = new int[slots];
    for (int p = 0; p < size(); p++) {
      System.arraycopy(tokens[p], 0, ids, packedSlot(p, 0), length(p));
      Arrays.fill(segments, packedSlot(p, 0), packedSlot(p, 0) + length(p), size() - 1 - p);
    }
    return new TokenBatch(0, slots, ids, segments);
  }

  /** Returns the slot of a prompt's position in {@link #packed}. */
  int packedSlot(int prompt, int position) {
    int before = 0;
    for (int p = prompt + 1; p < size(); p++) {
      before += length(p);
    }
    return before + position;
  }
}

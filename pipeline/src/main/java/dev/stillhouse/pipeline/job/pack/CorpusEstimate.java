package dev.stillhouse.pipeline.job.pack;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packs the head of some corpus splits, spread over the corpus, and estimates the rest by the bytes
 * that were read.
 */
public final class CorpusEstimate {
  private static final int UNITS = 4;

  /** Min bytes that are read of a corpus split: what an encoder holds back must not count. */
  private static final long MIN_BYTES = 2 << 20;

  private final List<int[]> tokens = new ArrayList<>();
  private final List<int[]> segments = new ArrayList<>();
  private final Packing packing;
  private long bytes;
  private long sequences;
  private boolean cut;
  private Skipped skipped = Skipped.NONE;

  private CorpusEstimate(Packing packing) {
    this.packing = packing;
  }

  /** Ends the packing of a corpus split when enough was read. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super(null, null, false, false);
    }
  }

  /** Packs about {@code sequences} sequences. */
  public static TokenEstimate take(
      List<CorpusSplit> splits,
      CorpusOptions options,
      TextTokenizer tokenizer,
      Packing packing,
      int sequences) {
    CorpusEstimate sample = new CorpusEstimate(packing);
    Packer packer = new Packer(packing, options, tokenizer);
    int taken = Math.min(UNITS, splits.size());
    long start = System.nanoTime();
    for (int i = 0; i < taken; i++) {
      int until = (int) ((long) sequences * (i + 1) / taken);
      sample.pack(packer, splits.get((int) ((long) splits.size() * i / taken)), until);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long all = splits.stream().mapToLong(CorpusSplit::bytes).sum();
    boolean exact = !sample.cut && taken == splits.size();
    double share = exact ? 1 : (double) sample.bytes / Math.max(1, all);
    return new TokenEstimate(
        sample.batches(),
        Math.max(sample.sequences, Math.round(sample.sequences / share)),
        exact,
        seconds / share,
        sample.skipped);
  }

  /** Packs the first sequences, up to a number of positions. */
  public static List<TokenBatch> head(
      List<CorpusSplit> splits,
      CorpusOptions options,
      TextTokenizer tokenizer,
      Packing packing,
      long positions) {
    CorpusEstimate sample = new CorpusEstimate(packing);
    Packer packer = new Packer(packing, options, tokenizer);
    long[] left = {positions};
    for (CorpusSplit split : splits) {
      if (left[0] > 0) {
        sample.packHead(packer, split, left);
      }
    }
    return sample.batches();
  }

  private void packHead(Packer packer, CorpusSplit split, long[] left) {
    try {
      packer.pack(
          split,
          (rowTokens, rowSegments, sources) -> {
            tokens.add(rowTokens);
            segments.add(rowSegments);
            left[0] -= Arrays.stream(rowSegments).filter(s -> s != TokenBatch.PADDING).count();
            if (left[0] <= 0) {
              throw new Enough();
            }
          },
          document -> {},
          read -> {});
    } catch (Enough e) {
      cut = true;
    }
  }

  /** Packs until {@code until} sequences are held and enough was read. */
  private void pack(Packer packer, CorpusSplit split, int until) {
    long[] done = {0};
    try {
      packer.pack(
          split,
          (rowTokens, rowSegments, sources) -> {
            sequences++;
            if (tokens.size() < until) {
              tokens.add(rowTokens);
              segments.add(rowSegments);
            }
          },
          document -> skipped = skipped.plus(document),
          read -> {
            // What was read just now is not packed yet; what was read before is.
            if (tokens.size() >= until && done[0] >= MIN_BYTES && read < split.bytes()) {
              throw new Enough();
            }
            done[0] = read;
          });
    } catch (Enough e) {
      cut = true;
    }
    bytes += done[0];
  }

  private List<TokenBatch> batches() {
    List<TokenBatch> batches = new ArrayList<>();
    int length = packing.sequenceLength();
    int step = TokenBatch.sequencesAtOnce(length);
    for (int from = 0; from < tokens.size(); from += step) {
      int count = Math.min(step, tokens.size() - from);
      int[] batchTokens = new int[count * length];
      int[] batchSegments = new int[count * length];
      for (int i = 0; i < count; i++) {
        System.arraycopy(tokens.get(from + i), 0, batchTokens, i * length, length);
        System.arraycopy(segments.get(from + i), 0, batchSegments, i * length, length);
      }
      batches.add(new TokenBatch(from, length, batchTokens, batchSegments));
    }
    return batches;
  }
}

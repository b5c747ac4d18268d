package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Checks whether datasets can be loaded together. */
final class Joins {
  private static final Projection TOKENS = new Projection(Set.of(), 0);
  private static final int AT_ONCE = 64;

  private Joins() {}

  /** Refuses two datasets of different sequences, and names the first sequence that differs. */
  static void check(Dataset one, Dataset other) {
    Manifest first = one.manifest();
    Manifest second = other.manifest();
    sameTokens("join", first, second);
    if (!first.fingerprint().equals(second.fingerprint())) {
      throw DataException.of(
          "cannot join: the datasets hold different sequences (fingerprints %.12s and %.12s); %s",
          first.fingerprint(), second.fingerprint(), difference(one, other));
    }
  }

  /** Refuses datasets whose rows do not fit into one batch. */
  static void checkMixed(List<Dataset> datasets, MixtureSpec mixture) {
    if (datasets.size() != mixture.names().size()) {
      throw UsageException.of(
          "a mixture of %d sources, %d datasets", mixture.names().size(), datasets.size());
    }
    Dataset first = datasets.get(0);
    StatisticSpec one = first.statistic();
    for (int i = 0; i < datasets.size(); i++) {
      Dataset dataset = datasets.get(i);
      sameTokens("mix", first.manifest(), dataset.manifest());
      StatisticSpec other = dataset.statistic();
      if (one.hasReasons() != other.hasReasons()
          || one.hasCounts() != other.hasCounts()
          || one.hasProposals() != other.hasProposals()
          || !one.furtherScalars().equals(other.furtherScalars())) {
        throw DataException.of(
            "cannot mix: the statistics %s and %s have different columns", one, other);
      }
      if (mixture.shares().get(i) > 0 && dataset.manifest().sequences() == 0) {
        throw DataException.of("cannot mix: %s has no sequences", mixture.names().get(i));
      }
    }
  }

  private static void sameTokens(String what, Manifest first, Manifest second) {
    if (!first.identity().tokenizer().equals(second.identity().tokenizer())) {
      throw DataException.of(
          "cannot %s: the tokenizers differ (%s %.12s and %s %.12s)",
          what,
          first.tokenizer(),
          first.identity().tokenizer(),
          second.tokenizer(),
          second.identity().tokenizer());
    }
    if (first.sequenceLength() != second.sequenceLength()) {
      throw DataException.of(
          "cannot %s: sequences of %d and of %d positions",
          what, first.sequenceLength(), second.sequenceLength());
    }
  }

  private static String difference(Dataset one, Dataset other) {
    long both = Math.min(one.manifest().sequences(), other.manifest().sequences());
    for (long from = 0; from < both; from += AT_ONCE) {
      long[] numbers = LongStream.range(from, Math.min(both, from + AT_ONCE)).toArray();
      var left = one.readEach(numbers, TOKENS);
      var right = other.readEach(numbers, TOKENS);
      for (int i = 0; i < numbers.length; i++) {
        TokenBatch tokens = left.get(i).tokens();
        if (!Arrays.equals(tokens.fingerprint(0), right.get(i).tokens().fingerprint(0))) {
          return "sequence " + numbers[i] + " is the first that differs";
        }
      }
    }
    return "one has %,d sequences, the other %,d, of which those in both are the same"
        .formatted(one.manifest().sequences(), other.manifest().sequences());
  }
}

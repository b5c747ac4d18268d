package dev.stillhouse.storage.statistics;

import dev.stillhouse.storage.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which statistic is kept of a row of logits: {@code top-k:K}, the K best entries, with log tail,
 * log-normaliser, entropy and the target's log-prob, which are always kept.
 *
 * @param k most entries of a position
 */
public record StatisticSpec(int k) {
  private static final Pattern GRAMMAR = Pattern.compile("top-k:([0-9]{1,9})");

  public StatisticSpec {
    if (k < 1) {
      throw UsageException.of("top-k:%d: need k >= 1", k);
    }
  }

  /** Reads the text form. */
  public static StatisticSpec parse(String text) {
    Matcher match = GRAMMAR.matcher(text);
    if (!match.matches()) {
      throw UsageException.of(
          "statistic '%s' is not understood; expected top-k:K, as in top-k:64", text);
    }
    return new StatisticSpec(Integer.parseInt(match.group(1)));
  }

  /** The same spec if it can be kept of a distribution over {@code vocabulary} ids. */
  public StatisticSpec checkedAgainst(int vocabulary) {
    if (k > vocabulary) {
      throw UsageException.of(
          "top-k:%d keeps more entries than the vocabulary has (%d); choose k <= %d",
          k, vocabulary, vocabulary);
    }
    return this;
  }

  /** The text form. */
  @Override
  public String toString() {
    return "top-k:" + k;
  }
}

package dev.stillhouse.storage.statistics;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which statistic is kept of a row of logits, as parts joined by {@code +}:
 *
 * <pre>
 * top-k:64                  the 64 best entries
 * top-p:0.98,max=256        the fewest of the best whose mass reaches 0.98, at most 256
 * sample:50                 50 draws with replacement from the teacher, counted; with
 *                           ,temperature=0.7 from softmax(logits / 0.7) instead
 * forced:FILE               these token ids at every position
 * target                    the token that the text goes on with
 * normaliser-at:2.0,4.0     log-sum-exp of logits / 2 and of logits / 4
 * </pre>
 *
 * <p>The union of all entries is kept, each once. Log tail, log-normaliser, entropy and the
 * target's log-prob are always kept.
 *
 * @param topK entries of {@code top-k}; 0 without it
 * @param topP {@code top-p}, if the text has it
 * @param sample {@code sample}, if the text has it
 * @param forced text behind {@code forced:}, a file for people and the sha256 of its ids in a
 *     dataset
 * @param normalisersAt temperatures, ascending
 */
@PublicApi
public record StatisticSpec(
    int topK,
    Optional<TopP> topP,
    Optional<Sample> sample,
    Optional<String> forced,
    boolean target,
    ImmutableList<Double> normalisersAt) {
  private static final int MAX_TEMPERATURES = 16;
  private static final double COLDEST = 0.05;
  private static final double HOTTEST = 100;

  /**
   * The part {@code top-p}.
   *
   * @param mass the mass to reach, above 0, at most 1
   * @param max number of entries at most
   */
  public record TopP(double mass, int max) {
    public TopP {
      if (!(mass > 0 && mass <= 1)) {
        throw UsageException.of("top-p:%s: need a mass above 0 and at most 1", mass);
      }
      if (max < 1) {
        throw UsageException.of("max=%d: need 1 or more", max);
      }
    }

    /**
     * Returns the mass that the kept entries must reach, of {@code all}. A mass of 1 keeps all
     * entries.
     */
    public double enough(double all) {
      return mass == 1 ? Double.POSITIVE_INFINITY : mass * all;
    }

    @Override
    public String toString() {
      return "top-p:" + mass + ",max=" + max;
    }
  }

  /**
   * The part {@code sample}.
   *
   * @param draws with replacement (N)
   * @param temperature the proposal is softmax(logits / temperature); 1 is the teacher itself
   * @param seed of all draws of a dataset
   */
  public record Sample(int draws, double temperature, long seed) {
    /** Max draws of a position. */
    public static final int MAX_DRAWS = 1 << 16;

    public Sample {
      if (draws < 1 || draws > MAX_DRAWS) {
        throw UsageException.of("sample:%d: need 1 to %d draws", draws, MAX_DRAWS);
      }
      checkTemperature(temperature);
    }

    @Override
    public String toString() {
      String proposal = temperature == 1 ? "" : ",temperature=" + temperature;
      return "sample:" + draws + proposal + ",seed=" + seed;
    }
  }

  public StatisticSpec {
    if (topK < 0) {
      throw UsageException.of("top-k:%d: need k >= 1", topK);
    }
    if (normalisersAt.size() > MAX_TEMPERATURES) {
      throw UsageException.of(
          "normaliser-at: %d temperatures, need at most %d",
          normalisersAt.size(), MAX_TEMPERATURES);
    }
    normalisersAt.forEach(StatisticSpec::checkTemperature);
    if (!normalisersAt.stream().sorted().distinct().toList().equals(normalisersAt)) {
      throw UsageException.of("normaliser-at: %s, need each once, ascending", normalisersAt);
    }
  }

  /** Returns a statistic of the {@code k} best entries and nothing else. */
  public static StatisticSpec ofTopK(int k) {
    return new StatisticSpec(
        k, Optional.empty(), Optional.empty(), Optional.empty(), false, ImmutableList.of());
  }

  /**
   * Reads the text form; draws without a seed have seed 0.
   *
   * @throws UsageException pointing at the character that is not understood
   */
  public static StatisticSpec parse(String text) {
    return parse(text, 0);
  }

  /**
   * Reads the text form.
   *
   * @param seed of draws without one
   * @throws UsageException pointing at the character that is not understood
   */
  public static StatisticSpec parse(String text, long seed) {
    return new StatisticGrammar(text, seed).parse();
  }

  /**
   * Returns the same spec, if a distribution over {@code vocabulary} ids can have it.
   *
   * @throws UsageException if not
   */
  public StatisticSpec checkedAgainst(int vocabulary) {
    if (topK > vocabulary) {
      throw tooMany("top-k:" + topK, "choose k", vocabulary);
    }
    if (topP.isPresent() && topP.get().max() > vocabulary) {
      throw tooMany(topP.get().toString(), "choose max", vocabulary);
    }
    return this;
  }

  private static UsageException tooMany(String part, String choose, int vocabulary) {
    return UsageException.of(
        "%s keeps more entries than the vocabulary has (%d); %s <= %d",
        part, vocabulary, choose, vocabulary);
  }

  /** Returns the same spec with these temperatures, ascending. */
  StatisticSpec withNormalisersAt(ImmutableList<Double> temperatures) {
    return new StatisticSpec(topK, topP, sample, forced, target, temperatures);
  }

  /** Returns the same spec with another text behind {@code forced:}. */
  public StatisticSpec withForced(String name) {
    return new StatisticSpec(topK, topP, sample, Optional.of(name), target, normalisersAt);
  }

  /** Returns the max entries of a position that are kept for being among the best. */
  public int maxTop() {
    return Math.max(topK, topP.map(TopP::max).orElse(0));
  }

  /**
   * Returns an upper bound of the entries of a position, of whatever reason; {@link
   * Integer#MAX_VALUE} where ids are forced.
   */
  public int maxEntries() {
    if (forced.isPresent()) {
      return Integer.MAX_VALUE;
    }
    long draws = sample.map(Sample::draws).orElse(0);
    return Ints.saturatedCast(maxTop() + draws + (target ? 1 : 0));
  }

  /** Returns whether entries have different reasons, which are stored. */
  public boolean hasReasons() {
    int reasons = maxTop() > 0 ? 1 : 0;
    reasons += sample.isPresent() ? 1 : 0;
    reasons += forced.isPresent() ? 1 : 0;
    reasons += target ? 1 : 0;
    return reasons > 1;
  }

  /** Returns the bits of the reasons that an entry may have. */
  public int reasons() {
    return (maxTop() > 0 ? Reason.TOP.bit() : 0)
        | (sample.isPresent() ? Reason.SAMPLED.bit() : 0)
        | (forced.isPresent() ? Reason.FORCED.bit() : 0)
        | (target ? Reason.TARGET.bit() : 0);
  }

  /** Returns whether draws are counted. */
  public boolean hasCounts() {
    return sample.isPresent();
  }

  /** Returns whether draws come from another distribution than the teacher's. */
  public boolean hasProposals() {
    return sample.isPresent() && sample.get().temperature() != 1;
  }

  /**
   * Returns the names of the columns of one number a position that this statistic has beside those
   * of every statistic, in the order of a shard.
   */
  public ImmutableList<String> furtherScalars() {
    return normalisersAt.stream()
        .map(StatisticSpec::normaliserColumn)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns the name of the column of the log-normaliser at a temperature: {@code
   * normaliser_at_2.0}.
   */
  public static String normaliserColumn(double temperature) {
    return "normaliser_at_" + temperature;
  }

  private static void checkTemperature(double temperature) {
    if (!(temperature >= COLDEST && temperature <= HOTTEST)) {
      throw UsageException.of("temperature %s: need %s to %s", temperature, COLDEST, HOTTEST);
    }
  }

  /** Returns the text form: parts in the order above, each with all its settings. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (topK > 0) {
      parts.add("top-k:" + topK);
    }
    topP.ifPresent(part -> parts.add(part.toString()));
    sample.ifPresent(part -> parts.add(part.toString()));
    forced.ifPresent(name -> parts.add("forced:" + name));
    if (target) {
      parts.add("target");
    }
    if (!normalisersAt.isEmpty()) {
      parts.add(
          "normaliser-at:"
              + String.join(",", normalisersAt.stream().map(String::valueOf).toList()));
    }
    return String.join("+", parts);
  }
}

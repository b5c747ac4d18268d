package dev.stillhouse.storage.dataset.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a union must hold, and each way in which it may not. */
class StatisticsCheckTest {
  private static final int VOCABULARY = 16;

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsNothingWrongInWhatATeacherGave(String layout) {
    Random random = new Random(8);
    for (int i = 0; i < 300; i++) {
      StatisticSpec spec = SampleBatches.spec(random);
      check(layout, spec, batch(spec, i));
    }
  }

  @Test
  void eachReasonIsOneOfTheStatistics() {
    wrong("top-k:4+target", b -> b.provenance().reasons()[1] = 2, "reasons 2");
    wrong("top-k:4+target", b -> b.provenance().reasons()[1] = 0, "reasons 0");
    wrong("top-k:4+target", b -> b.provenance().reasons()[1] = -128, "reasons -128");
  }

  @Test
  void theBestComeFirstAndNoMoreThanAskedFor() {
    wrong(
        "top-k:4+sample:50", b -> b.provenance().reasons()[1] = 2, "the best entries do not come");
    wrong("top-k:4+sample:50", b -> b.provenance().reasons()[4] |= 1, "5 entries are among");
    wrong("top-p:0.2,max=9+sample:50", b -> all(b, 1), "where fewer reach the mass");
    wrong("top-p:0.999,max=16+sample:50", b -> demote(b), "do not reach the mass");
  }

  @Test
  void drawsAddUp() {
    wrong("sample:50", b -> b.provenance().counts()[0]++, "add up to 51");
    wrong("sample:50", b -> b.provenance().counts()[0] = 0, "drawn 0 times");
    wrong("top-k:4+sample:50", b -> b.provenance().counts()[2] = -1, "drawn -1 times");
    wrong("top-k:4+sample:50", b -> b.provenance().reasons()[0] ^= 2, "its reasons are");
  }

  @Test
  void proposalsAreThoseOfTheTemperature() {
    String statistic = "sample:50,temperature=2.0";
    wrong(statistic, b -> b.provenance().logProposals()[1] = 0.1f, "has log-proposal 0.1");
    wrong(statistic, b -> b.provenance().logProposals()[1] = Float.NaN, "has log-proposal NaN");
    float none = Float.NEGATIVE_INFINITY;
    wrong(statistic, b -> b.provenance().logProposals()[1] = none, "has log-proposal -Inf");
    wrong(statistic, b -> b.provenance().logProposals()[1] -= 0.02f, "not that of temperature");
    wrong(
        statistic,
        b -> System.arraycopy(b.logProbs(), 0, b.provenance().logProposals(), 0, b.entries()),
        "not that of temperature");
  }

  @Test
  void theTargetIsKeptWithItsReason() {
    for (String statistic : new String[] {"target", "top-k:4+target"}) {
      wrong(statistic, b -> b.ids()[b.find(0, b.tokens().target(0))] ^= 1, "target");
    }
    wrong(
        "top-k:16+target",
        b -> b.provenance().reasons()[b.find(0, b.tokens().target(0))] = 1,
        "the target is");
    wrong("top-k:16+target", b -> all(b, 9), "the target is");
  }

  @Test
  void forcedTokensAreTheSameEverywhere() {
    wrong(
        "top-k:16+forced:ids",
        b -> b.provenance().reasons()[b.offsets()[1]] ^= 4,
        "forced tokens are");
    wrong("top-k:16+forced:ids", b -> all(b, 5), "forced tokens are");
  }

  @Test
  void normalisersAreThoseOfTheDistribution() {
    for (String temperature : new String[] {"0.5", "2.0"}) {
      String statistic = "top-k:9+normaliser-at:" + temperature;
      for (float off : new float[] {-4, 4, Float.NaN, Float.POSITIVE_INFINITY}) {
        wrong(statistic, b -> b.further()[0][0] += off, "at temperature " + temperature);
      }
      wrong(statistic, b -> b.logNormaliser()[0] = Float.NaN, "log-normaliser is NaN");
    }
  }

  @Test
  void massAddsUpToOne() {
    for (float off : new float[] {-0.5f, 0.5f, Float.NEGATIVE_INFINITY, Float.NaN}) {
      wrong("top-k:4", b -> b.logTail()[0] += off, "kept mass and tail add up to");
    }
  }

  @Test
  void entriesComeBestFirst() {
    wrong("top-k:4", b -> b.logProbs()[0] = b.logProbs()[1] - 1, "not best first");
  }

  @Test
  void idsAreThoseOfTheVocabulary() {
    wrong("top-k:4", b -> b.ids()[0] = VOCABULARY, "entry of token 16, vocabulary 16");
    wrong("top-k:4", b -> b.ids()[0] = -1, "entry of token -1");
  }

  @Test
  void onlyATargetHasALogProb() {
    wrong("top-k:4", b -> last(b, b.targetLogProb(), true), "has no target");
    wrong("top-k:4", b -> last(b, b.entropy(), false), "padding has statistics");
    wrong("top-k:4", b -> last(b, b.logTail(), false), "padding has statistics");
  }

  /** Gives the last position, or the last slot of padding, a number. */
  private static void last(StatisticsBatch batch, float[] values, boolean position) {
    int i = batch.tokens().slots() - 1;
    while (batch.tokens().padding(i) == position) {
      i--;
    }
    values[i] = -1;
  }

  @Test
  void noTokenIsKeptTwice() {
    wrong("forced:ids", b -> b.ids()[1] = b.ids()[0], "is kept twice");
  }

  @Test
  void whatIsNotATopTokenMayBeBetterThanWhatIsKept() {
    StatisticSpec spec = StatisticSpec.parse("forced:ids");
    StatisticsBatch batch = batch(spec, 1);
    int better = 0;
    for (int i = 0; i < batch.tokens().slots(); i++) {
      better += batch.targetLogProb()[i] > batch.logProbs()[batch.offsets()[i]] ? 1 : 0;
    }
    assertTrue(better > 0);
    check("rows", spec, batch);
  }

  private static void all(StatisticsBatch batch, int reasons) {
    for (int e = 0; e < batch.entries(); e++) {
      batch.provenance().reasons()[e] |= (byte) reasons;
    }
  }

  /** Only the first of each slot is among the best. */
  private static void demote(StatisticsBatch batch) {
    for (int i = 0; i < batch.tokens().slots(); i++) {
      for (int e = batch.offsets()[i] + 1; e < batch.offsets()[i + 1]; e++) {
        batch.provenance().reasons()[e] = 2;
      }
    }
  }

  /** One thing is changed in what was right. */
  private static void wrong(String statistic, Consumer<StatisticsBatch> change, String reason) {
    StatisticSpec spec = StatisticSpec.parse(statistic);
    for (String layout : new String[] {"rows", "columns"}) {
      StatisticsBatch batch = batch(spec, 7);
      check(layout, spec, batch);
      change.accept(batch);
      DamagedBlobException error =
          assertThrows(
              DamagedBlobException.class, () -> check(layout, spec, batch), statistic + reason);
      assertEquals("blob", error.blob());
      assertTrue(error.reason().matches("sequence 2[0-2], position .*"), error.reason());
      assertTrue(error.reason().contains(reason), reason + " in " + error.reason());
    }
  }

  private static void check(String layout, StatisticSpec spec, StatisticsBatch batch) {
    new StatisticsCheck("blob", Layouts.named(layout), spec, VOCABULARY, false).accept(batch);
  }

  /** The first slot has a target. */
  private static StatisticsBatch batch(StatisticSpec spec, int seed) {
    Random random = new Random(seed);
    TokenBatch tokens = SampleBatches.tokens(random, 20, 3, 20, VOCABULARY);
    while (tokens.target(0) == TokenBatch.NO_TARGET) {
      tokens = SampleBatches.tokens(random, 20, 3, 20, VOCABULARY);
    }
    return new ConsistentUnions(spec).of(random, tokens, 0, VOCABULARY);
  }
}

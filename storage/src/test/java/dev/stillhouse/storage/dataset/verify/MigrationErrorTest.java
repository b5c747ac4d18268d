package dev.stillhouse.storage.dataset.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MigrationErrorTest {
  private static final StatisticSpec UNION =
      StatisticSpec.parse("top-k:4+sample:9,temperature=2.0+normaliser-at:2.0");

  private static StatisticsBatch batch() {
    Random random = new Random(3);
    TokenBatch tokens = SampleBatches.tokens(random, 5, 3, 20, 50);
    return new ConsistentUnions(UNION).of(random, tokens, 4, 50);
  }

  @Test
  void nothingChangedIsNoError() {
    MigrationError exact = new MigrationError(Layouts.named("rows"));
    exact.accept(batch(), batch());
    assertEquals(0, exact.bound());
    assertEquals(0, exact.largest());
    MigrationError within = new MigrationError(Layouts.named("columns"));
    within.accept(batch(), batch());
    assertTrue(within.bound() > 0 && within.bound() < 1, "allowed: " + within.bound());
    assertEquals(0, within.largest());
  }

  @Test
  void theLargestErrorIsTold() {
    StatisticsBatch read = batch();
    float was = read.logProbs()[7];
    read.logProbs()[7] = was * (1 + 0x1p-12f);
    MigrationError error = new MigrationError(Layouts.named("columns"));
    error.accept(batch(), read);
    assertEquals(Math.abs((double) was - read.logProbs()[7]), error.largest());
    assertTrue(error.largest() <= error.bound());
  }

  @Test
  void impossibleEntriesStayImpossible() {
    StatisticsBatch one = batch();
    StatisticsBatch two = batch();
    one.logProbs()[0] = Float.NEGATIVE_INFINITY;
    two.logProbs()[0] = Float.NEGATIVE_INFINITY;
    MigrationError error = new MigrationError(Layouts.named("columns"));
    error.accept(one, two);
    assertTrue(Double.isFinite(error.bound()));
    two.logProbs()[0] = -1000;
    assertThrows(DataException.class, () -> error.accept(one, two));
  }

  @Test
  void whatALayoutMustNotDoIsNoticed() {
    broken("log-prob", read -> read.logProbs()[3] *= 1.01f);
    broken("log-prob", read -> read.logProbs()[3] = Float.NaN);
    broken("ids", read -> read.ids()[3]++);
    broken("tokens", read -> read.tokens().tokens()[3]++);
    broken("tokens", read -> read.tokens().segments()[3]++);
    broken("entries of positions", read -> read.offsets()[3]++);
    broken("what entries are there for", read -> read.provenance().reasons()[3]++);
    broken("what entries are there for", read -> read.provenance().counts()[3]++);
    broken("what entries are there for", read -> read.provenance().logProposals()[3]++);
    broken("log_tail", read -> read.logTail()[3]++);
    broken("entropy", read -> read.entropy()[3]++);
    broken("log_normaliser", read -> read.logNormaliser()[3]++);
    broken("target_log_prob", read -> read.targetLogProb()[3] = 7);
    broken("further numbers", read -> read.further()[0][3]++);
  }

  private static void broken(String what, Consumer<StatisticsBatch> change) {
    StatisticsBatch read = batch();
    change.accept(read);
    DataException error =
        assertThrows(
            DataException.class,
            () -> new MigrationError(Layouts.named("columns")).accept(batch(), read),
            what);
    assertTrue(error.getMessage().contains("layout columns"), error.getMessage());
    assertTrue(error.getMessage().contains(what), error.getMessage());
    assertTrue(error.getMessage().contains("sequences from 5 on"), error.getMessage());
  }
}

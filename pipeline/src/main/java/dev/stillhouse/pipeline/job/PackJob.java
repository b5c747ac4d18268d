package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.corpus.Unit;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.PackReceipt;
import dev.stillhouse.storage.dataset.Receipts;
import dev.stillhouse.storage.dataset.Skipped;
import dev.stillhouse.storage.dataset.TokenShardRecord;
import dev.stillhouse.storage.region.ReplicaReader;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Packs the units of a corpus into token shards; units that are packed already are skipped. */
final class PackJob {
  private PackJob() {}

  /** Returns the token shards of all units, in order, and what they do not hold. */
  static TokenSource.Provided run(
      List<Unit> units,
      PackPlan unnamed,
      JobOutput output,
      List<String> beam,
      JobListener listener) {
    PackPlan plan = unnamed.named(UUID.randomUUID().toString());
    long bytes = units.stream().mapToLong(Unit::bytes).sum();
    try (JobListener.Stage stage =
        listener.start("packing", "bytes", bytes, Meter.of(plan.job()))) {
      Beams.run("Pack", Unit.class, units, new PackFn(plan), Meter.of(plan.job()), beam);
    }
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(output.home()), output.ledger());
    Receipts<PackReceipt> receipts =
        new Receipts<>(output.home(), reader, plan.identity(), PackReceipt.class);
    UnitPacking packing = new UnitPacking(plan, output.home(), reader, receipts);
    List<TokenShardRecord> shards = new ArrayList<>();
    Skipped skipped = Skipped.NONE;
    for (Unit unit : units) {
      PackReceipt found =
          receipts
              .find(unit.packKey(), receipt -> packing.check(unit, receipt))
              .orElseThrow(
                  () ->
                      DataException.of(
                          "the receipt of packed unit %s is gone; run the same command again",
                          unit.packKey()));
      shards.addAll(found.shards());
      skipped = skipped.plus(found.skipped());
    }
    return new TokenSource.Provided(shards, skipped);
  }
}

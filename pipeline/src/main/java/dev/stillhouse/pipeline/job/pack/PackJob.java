package dev.stillhouse.pipeline.job.pack;

import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.PackReceipt;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs the corpus splits of a corpus into token shards. Those that are packed already are skipped.
 */
final class PackJob {
  private PackJob() {}

  /**
   * Returns the token shards of all corpus splits, in order, and the documents that were left out.
   */
  static TokenSource.Provided run(
      List<CorpusSplit> splits,
      PackFn fn,
      JobOutput output,
      List<String> beam,
      JobListener listener) {
    PackPlan plan = fn.plan;
    Meter meter = output.context().meter(PackFn.STAGE);
    long bytes = splits.stream().mapToLong(CorpusSplit::bytes).sum();
    try (JobListener.Stage stage = listener.start(PackFn.STAGE, "bytes", bytes, meter)) {
      BeamRunner.run("Pack", CorpusSplit.class, splits, fn, meter, beam);
    }
    Receipts<PackReceipt> receipts = output.receipts(plan.identity(), PackReceipt.class);
    SplitPacking packing = new SplitPacking(plan, output);
    List<TokenShardRecord> shards = new ArrayList<>();
    Skipped skipped = Skipped.NONE;
    for (CorpusSplit split : splits) {
      PackReceipt found =
          receipts
              .find(split.packKey(), receipt -> packing.check(split, receipt))
              .orElseThrow(
                  () ->
                      DataException.of(
                          "the receipt of packed unit %s is gone; run the same command again",
                          split.packKey()));
      shards.addAll(found.shards());
      skipped = skipped.plus(found.skipped());
    }
    return new TokenSource.Provided(shards, skipped);
  }
}

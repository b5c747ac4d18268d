package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.extract.Selection;
import dev.stillhouse.storage.region.BookedStore;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.function.Function;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Second of the {@link SeparateStages}: a batch of tokens becomes one of statistics. */
final class StageAsk extends DoFn<KV<Integer, TokenBatch>, KV<Integer, StatisticsBatch>> {
  private static final long serialVersionUID = 1;

  private final ExtractPlan plan;
  private transient SharedTeachers.Lease lease;
  private transient Function<TokenBatch, StatisticsBatch> ask;

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  StageAsk(ExtractPlan plan) {
    this.plan = plan;
  }

  /** Opens the teacher. */
  @Setup
  public void setup() {
    Ledger ledger = JobLedgers.of(plan.output().ledger());
    try (RegionStore store = new BookedStore(Regions.open(plan.output().store()), ledger)) {
      ReplicaReader reader = new ReplicaReader(ImmutableList.of(store), ledger);
      lease = SharedTeachers.lease(plan.teacher(), plan.teacherBlob(), reader);
      Selection selection =
          ForcedIds.load(plan.output().identity().statistic(), plan.output().vocabulary(), reader);
      ask = SliceExtraction.ask(selection, lease.teacher());
    }
  }

  /** Asks about a batch. */
  @ProcessElement
  public void process(
      @Element KV<Integer, TokenBatch> batch, OutputReceiver<KV<Integer, StatisticsBatch>> out) {
    Meter.of(plan.output().job()).checkStop();
    StatisticsBatch statistics = ask.apply(batch.getValue());
    Meter.of(plan.output().job()).add(batch.getValue().positions());
    out.output(KV.of(batch.getKey(), statistics));
  }

  /** Lets go of the teacher. */
  @Teardown
  public void teardown() {
    lease.close();
  }
}

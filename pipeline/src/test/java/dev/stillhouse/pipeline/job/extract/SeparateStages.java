package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.pipeline.job.StatisticsBatchCoder;
import dev.stillhouse.pipeline.job.TokenBatchCoder;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Generation 0 of this pipeline: an extraction as one would first draw it for Beam, a stage for
 * each step, with tensors as elements between them: <em>read</em> makes batches of tokens, <em>ask
 * and reduce</em> makes statistics of these, <em>write</em> gathers the batches of a shard task and
 * writes its shard. It gives the same dataset, byte for byte, and stays here, beside the tests of
 * the package whose parts it uses, so that its cost can be measured ({@code bench pipeline}); no
 * command extracts with it.
 *
 * <p>What it costs: memory. Nothing is written before all is extracted, since a shard task is
 * gathered by a {@code GroupByKey}; until then every statistic lies in the heap, encoded, and the
 * direct runner encodes each element twice more to see that nobody changed it. At V = 151,936, k =
 * 64, with two threads and -Xmx512m (Linux's VmHWM, {@code bench pipeline --memory}), {@link
 * SliceExtraction} took 619 MB over 32,768 positions and 576 MB over 327,680; these stages ran out
 * of memory over the 327,680. A crash loses all of them, where one DoFn for each shard task keeps
 * what has its receipt. Time: 0.77 of the job's positions per second on a quiet machine (262,144
 * positions, JDK 25); little beside rows of 151,936 logits, since two copies of 64 entries are
 * cheap.
 */
public final class SeparateStages {
  private SeparateStages() {}

  /** Runs the job of {@link ExtractJob#run}, in these stages. */
  public static ExtractJob.Extracted run(ExtractRequest request, JobListener listener) {
    return ExtractJob.run(request, listener, SeparateStages::extract);
  }

  private static void extract(
      ExtractPlan plan, List<ShardTask> tasks, Meter meter, List<String> arguments) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      numbers.add(i);
    }
    Pipeline pipeline = Pipeline.create(BeamRunner.options(arguments));
    PCollection<KV<Integer, TokenBatch>> tokens =
        pipeline
            .apply("Plan", Create.of(numbers))
            .apply(Reshuffle.viaRandomKey())
            .apply("Read", ParDo.of(new StageRead(plan, tasks)))
            .setCoder(KvCoder.of(VarIntCoder.of(), new TokenBatchCoder()));
    PCollection<KV<Integer, StatisticsBatch>> statistics =
        tokens
            .apply("Ask and reduce", ParDo.of(new StageAsk(plan)))
            .setCoder(KvCoder.of(VarIntCoder.of(), new StatisticsBatchCoder()));
    statistics
        .apply("Gather slices", GroupByKey.create())
        .apply("Write", ParDo.of(new StageWrite(plan, tasks)));
    BeamRunner.run("Extract in stages", pipeline, meter);
  }
}

package dev.stillhouse.bench;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.sun.management.OperatingSystemMXBean;
import dev.stillhouse.pipeline.extract.Extractor;
import dev.stillhouse.pipeline.extract.Extractors;
import dev.stillhouse.pipeline.extract.RowStatistic;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.job.extract.SeparateStages;
import dev.stillhouse.pipeline.job.pack.RandomTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;

/**
 * Does the same work in three ways: the kernel alone, the whole job, the job as separate stages.
 */
final class PipelineRuns implements AutoCloseable {
  /** Positions of a sequence. */
  static final int LENGTH = 512;

  /** Names of the tasks; the number of sequences follows. */
  static final String KERNEL = "kernel alone";

  static final String JOB = "extract job";
  static final String STAGES = "separate stages";

  private static final int BATCH = 4; // sequences, as an extraction cuts them

  /** Max shard tasks of each thread, so that none waits long for the last of another. */
  private static final int SLICES = 8;

  private final int vocabulary;
  private final int k;
  private final int threads;
  private final String layout;
  private final String name;
  private final Path directory;
  private final DenseTeacher teacher;
  private final Map<Integer, RandomTokens> packed = new HashMap<>();
  private final Map<String, List<Double>> processor = new HashMap<>();
  private final LongAdder seen = new LongAdder();

  PipelineRuns(int vocabulary, int k, int threads, String layout) throws IOException {
    this.vocabulary = vocabulary;
    this.k = k;
    this.threads = threads;
    this.layout = layout;
    name = "synthetic:vocabulary=" + vocabulary;
    TeacherName parsed = TeacherName.parse(name);
    // Held to the end, so that no job makes its rows anew.
    teacher =
        (DenseTeacher) Teachers.named(parsed.name()).open(parsed.argument(), Optional.empty());
    directory = Files.createTempDirectory("stillhouse-bench");
  }

  /**
   * Returns the processor seconds of this process, the median over the runs of {@code task} without
   * its first, which compiles. The wall's time depends more on the machine's other load.
   */
  double processorSeconds(String task) {
    List<Double> runs = processor.getOrDefault(task, List.of());
    return Turns.median(runs.stream().skip(1).mapToDouble(s -> s).toArray());
  }

  private void timed(String task, Runnable run) {
    long start = processorNanos();
    run.run();
    double seconds = (processorNanos() - start) / 1e9;
    processor.computeIfAbsent(task, name -> new ArrayList<>()).add(seconds);
  }

  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /** Reduces every row and keeps nothing. */
  void kernel(int sequences) {
    timed(KERNEL + sequences, () -> reduce(sequences));
  }

  private void reduce(int sequences) {
    int[] tokens = new int[BATCH * LENGTH];
    TokenBatch batch = new TokenBatch(0, LENGTH, tokens, new int[tokens.length]);
    AtomicInteger left = new AtomicInteger(sequences / BATCH);
    Parallel.run(
        threads,
        thread -> {
          Extractor extractor = Extractors.create(vocabulary, k);
          RowStatistic row = new RowStatistic(k);
          while (left.getAndDecrement() > 0) {
            try (LogitsCursor cursor = teacher.read(batch)) {
              for (Logits block = cursor.next(); block != null; block = cursor.next()) {
                for (int i = 0; i < block.count(); i++) {
                  extractor.extract(block.rows(), i * vocabulary, i % vocabulary, row);
                }
                block.close();
              }
            }
          }
          seen.add(row.ids[0]);
        });
  }

  /** Runs the extraction. */
  void job(int sequences) {
    timed(JOB + sequences, () -> run(sequences, ExtractJob::run));
  }

  /** Runs generation 0 of the extraction. */
  void stages(int sequences) {
    timed(STAGES + sequences, () -> run(sequences, SeparateStages::run));
  }

  private void run(
      int sequences, BiFunction<ExtractRequest, JobListener, ExtractJob.Extracted> job) {
    RandomTokens source = packed.computeIfAbsent(sequences, this::pack);
    Path out = directory.resolve("out");
    ExtractRequest request =
        new ExtractRequest(
            source,
            name,
            "top-k:" + k,
            layout,
            out.toString(),
            false,
            List.of("--targetParallelism=" + threads));
    try {
      seen.add(job.apply(request, JobListener.NONE).manifest().sequences());
      MoreFiles.deleteRecursively(out, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new DataException("cannot delete " + out + ": " + e, e);
    }
  }

  private RandomTokens pack(int sequences) {
    int slice = Math.max(1, sequences / (SLICES * threads));
    return new RandomTokens(
        vocabulary,
        new Packing(LENGTH, slice, null),
        sequences,
        directory.resolve("tokens-" + sequences));
  }

  @Override
  public void close() throws IOException {
    teacher.close();
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}

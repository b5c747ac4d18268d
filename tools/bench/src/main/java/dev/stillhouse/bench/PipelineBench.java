package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench pipeline}: compares the whole extraction with its kernel alone, over the same rows
 * of the synthetic teacher, and with its generation 0. It does not use JMH, for the reasons of
 * {@link ExtractBench}.
 *
 * <p>The kernel bounds the job. Of the samples in {@code ExtractFn} (V = 151,936, k = 64, columns,
 * two threads, JDK 25) it has 88 %; 10 % write, 128 values a position through Parquet's
 * RecordConsumer, which takes 19 million a second; 1 % reads tokens and puts shards. So 0.88 is the
 * limit with these layouts. Starting a job takes most of a second whatever its length ({@code
 * startShare}). The direct runner's scheduler spins in an idle thread at a job's beginning and end:
 * 10 % of all samples, which slows nothing.
 *
 * <p>On a quiet machine, 262,144 positions: 0.81 of the kernel alone, and the separate stages 0.77
 * of the job. Over 65,536 positions (four seconds) 0.62 to 0.65: much of that is still compiling,
 * and at the end a thread has no shard task left.
 */
@Command(
    name = "pipeline",
    description =
        "What a whole extraction adds to its kernel, with a teacher that costs nothing; and what it"
            + " would cost as separate Beam stages.",
    mixinStandardHelpOptions = true)
final class PipelineBench implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--vocabulary",
      defaultValue = "151936",
      paramLabel = "V",
      description = "Ids in a row (default: ${DEFAULT-VALUE}).")
  private int vocabulary = 151_936;

  @Option(names = "--k", defaultValue = "64", description = "Entries (default: ${DEFAULT-VALUE}).")
  private int k = 64;

  @Option(
      names = "--sequences",
      defaultValue = "512",
      description = "Of 512 positions each (default: ${DEFAULT-VALUE}).")
  private int sequences = 512;

  @Option(
      names = "--threads",
      description = "Of the kernel, and of Beam's direct runner (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--layout",
      completionCandidates = Candidates.OfLayouts.class,
      defaultValue = "columns",
      description = "Of the shards (default: ${DEFAULT-VALUE}).")
  private String layout = "columns";

  @Option(names = "--rounds", defaultValue = "5")
  private int rounds = 5;

  @Option(names = "--quick", description = "A quarter of the sequences, one round.")
  private boolean quick;

  @Option(
      names = "--memory",
      description =
          "Instead of speed: the most memory that a process "
              + "took which ran the job once, at a quarter of the "
              + "sequences and at ten times as many.")
  private boolean memory;

  @Option(names = "--stages", description = "With --memory: of the separate stages.")
  private boolean stages;

  @Option(names = "--once", hidden = true, description = "One job: what --memory starts.")
  private boolean onlyOnce;

  @Override
  public Integer call() throws IOException {
    if (vocabulary < 2 || k < 1 || k > vocabulary || sequences < 4 || threads < 1 || rounds < 1) {
      throw UsageException.of(
          "need --vocabulary >= 2, 1 <= --k <= --vocabulary, --sequences >= 4, --threads and"
              + " --rounds >= 1, but got %d, %d, %d, %d, %d",
          vocabulary, k, sequences, threads, rounds);
    }
    if (onlyOnce) {
      terminal.result(Report.of(once()));
    } else {
      Report.of(memory ? PeakMemory.measure(this::command, sequences / 4) : rows()).print(terminal);
    }
    return 0;
  }

  /** Returns the command line of one job over {@code count} sequences. */
  private List<String> command(int count) {
    List<String> words =
        new ArrayList<>(List.of("bench", "pipeline", "--once", "--json", "--layout=" + layout));
    words.addAll(List.of("--vocabulary=" + vocabulary, "--k=" + k, "--threads=" + threads));
    words.add("--sequences=" + count);
    if (stages) {
      words.add("--stages");
    }
    return words;
  }

  private List<Map<String, Object>> rows() throws IOException {
    int count = quick ? Math.max(4, sequences / 4) : sequences;
    try (PipelineRuns runs = new PipelineRuns(vocabulary, k, threads, layout)) {
      return compare(runs, count, quick ? 1 : rounds);
    }
  }

  private List<Map<String, Object>> once() throws IOException {
    try (PipelineRuns runs = new PipelineRuns(vocabulary, k, threads, layout)) {
      if (stages) {
        runs.stages(sequences);
      } else {
        runs.job(sequences);
      }
      Map<String, Object> row = row(stages ? PipelineRuns.STAGES : PipelineRuns.JOB, sequences);
      row.put("peakResidentMegabytes", PeakMemory.ofThisProcess());
      return List.of(row);
    }
  }

  private List<Map<String, Object>> compare(PipelineRuns runs, int count, int turns) {
    Turns overKernel = Turns.of(turns, () -> runs.kernel(count), () -> runs.job(count));
    Turns overJob = Turns.of(turns, () -> runs.job(count), () -> runs.stages(count));
    Turns start = Turns.of(turns, () -> runs.job(threads), () -> runs.job(threads));
    Map<String, Object> kernel = row(runs, PipelineRuns.KERNEL, count, overKernel.first());
    Map<String, Object> job = row(runs, PipelineRuns.JOB, count, overKernel.second());
    job.put("overKernel", 1 / overKernel.ratio());
    job.put("processorOverKernel", overKernel(runs, PipelineRuns.JOB, count));
    job.put("startSeconds", start.first());
    job.put("startShare", start.first() / overKernel.second());
    Map<String, Object> stages = row(runs, PipelineRuns.STAGES, count, overJob.second());
    stages.put("overKernel", 1 / overKernel.ratio() / overJob.ratio());
    stages.put("processorOverKernel", overKernel(runs, PipelineRuns.STAGES, count));
    stages.put("overJob", 1 / overJob.ratio());
    return List.of(kernel, job, stages);
  }

  private static double overKernel(PipelineRuns runs, String task, int count) {
    return runs.processorSeconds(PipelineRuns.KERNEL + count) / runs.processorSeconds(task + count);
  }

  private Map<String, Object> row(PipelineRuns runs, String task, int count, double seconds) {
    Map<String, Object> row = row(task, count);
    double positions = (double) count * PipelineRuns.LENGTH;
    row.put("positionsPerSecond", positions / seconds);
    row.put("gigabytesPerSecond", positions / seconds * vocabulary * Float.BYTES / 1e9);
    row.put(
        "processorMicrosecondsPerPosition", runs.processorSeconds(task + count) * 1e6 / positions);
    return row;
  }

  private Map<String, Object> row(String name, int count) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("vocabulary", vocabulary);
    row.put("k", k);
    row.put("threads", threads);
    row.put("dtype", "float32");
    row.put("layout", layout);
    row.put("positions", (long) count * PipelineRuns.LENGTH);
    return row;
  }
}

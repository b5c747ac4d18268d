package dev.stillhouse.pipeline.job.extract;

import com.google.common.collect.Lists;
import com.google.common.io.ByteSource;
import com.google.common.math.Quantiles;
import dev.stillhouse.pipeline.job.Scratch;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.job.TokenSource.Description;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Estimates the cost of an extraction from a sample: some sequences are packed, the teacher is
 * asked for them, and each layout writes them to a temporary file. The output is not touched.
 */
public final class DryRun {
  /** Positions of the sample, if the teacher is fast enough. */
  private static final int POSITIONS = 32_768;

  /** Seconds after which the teacher is not asked again; it is asked for at least one batch. */
  private static final double MAX_SECONDS = 10;

  private final ExtractRequest request;
  private final Description tokens;
  private final TokenEstimate sample;
  private final Selection selection;

  private DryRun(ExtractRequest request) {
    this.request = request;
    this.tokens = request.source().describe();
    this.selection = ForcedIds.select(request.statistic(), tokens.vocabulary());
    this.sample = request.source().sample(Math.max(1, POSITIONS / tokens.sequenceLength()));
    if (sample.sampled() == 0) {
      throw ExtractJob.nothing(sample.skipped());
    }
  }

  /**
   * The cost of one layout.
   *
   * @param bytes of all shards
   * @param seconds of the whole extraction, on all cores of this machine
   */
  public record Cost(String layout, long bytes, double bytesPerPosition, double seconds) {}

  /**
   * The result.
   *
   * @param exact whether sequences were counted; otherwise they are estimated from a sample
   * @param sampled positions that the figures rest on
   * @param positionsPerSecond that one thread extracts
   * @param layouts the cost of each layout on the class path
   */
  public record Estimate(
      long sequences,
      long positions,
      boolean exact,
      long sampled,
      double positionsPerSecond,
      List<Cost> layouts) {}

  /** Estimates the cost of {@link ExtractJob#run}. */
  public static Estimate of(ExtractRequest request) {
    ExtractJob.check(request);
    return new DryRun(request).estimate();
  }

  private Estimate estimate() {
    TeacherName name = TeacherName.parse(request.teacher());
    TeacherProvider provider = Teachers.named(name.name());
    Optional<byte[]> blob =
        provider.prepare(
            name.argument(),
            // A model of fewer tokens says less, in fewer bytes.
            request.source().head(provider.fitPositions()),
            tokens.vocabulary());
    List<StatisticsBatch> answers = new ArrayList<>();
    double secondsPerPosition;
    String fingerprint;
    try (Teacher teacher = provider.open(name.argument(), blob.map(ByteSource::wrap))) {
      fingerprint = teacher.fingerprint();
      secondsPerPosition = ask(teacher, answers);
    }
    long positions = Math.round(sample.sequences() * sample.positionsPerSequence());
    long sampled = answers.stream().mapToLong(answer -> answer.tokens().positions()).sum();
    int cores = Runtime.getRuntime().availableProcessors();
    List<Cost> costs = new ArrayList<>();
    for (String layout : Layouts.names()) {
      long start = System.nanoTime();
      long oneShard = writeShard(layout, fingerprint, answers);
      double writing = (System.nanoTime() - start) / 1e9 / sampled;
      double bytes = (oneShard + smallShards(layout, fingerprint, answers, oneShard)) / sampled;
      double seconds =
          (sample.packingSeconds() + positions * (secondsPerPosition + writing)) / cores;
      costs.add(new Cost(layout, Math.round(bytes * positions), bytes, seconds));
    }
    return new Estimate(
        sample.sequences(), positions, sample.exact(), sampled, 1 / secondsPerPosition, costs);
  }

  /** Asks until time is up; returns the seconds of a position, the lower quartile over batches. */
  private double ask(Teacher teacher, List<StatisticsBatch> answers) {
    Function<TokenBatch, StatisticsBatch> ask = ShardExtraction.ask(selection, teacher);
    List<Double> seconds = new ArrayList<>();
    long begin = System.nanoTime();
    for (TokenBatch batch : sample.batches()) {
      long start = System.nanoTime();
      StatisticsBatch answer = ask.apply(batch);
      answers.add(answer);
      seconds.add((System.nanoTime() - start) / 1e9 / Math.max(1, batch.positions()));
      if ((System.nanoTime() - begin) / 1e9 > MAX_SECONDS) {
        break;
      }
    }
    // The first batches run code that is not compiled yet.
    return Quantiles.quartiles().index(1).compute(seconds);
  }

  /**
   * Returns the bytes that the shards after the first add to the sample: each has a footer of its
   * own, and compresses less. They are estimated from shards of whole batches, as near to their
   * size as possible.
   */
  private double smallShards(
      String layout, String teacher, List<StatisticsBatch> answers, long oneShard) {
    int sequences = answers.stream().mapToInt(answer -> answer.tokens().sequences()).sum();
    int max = Packing.shardSequences(tokens.packing());
    int batches = Math.max(1, max / answers.get(0).tokens().sequences());
    List<List<StatisticsBatch>> shards = Lists.partition(answers, batches);
    if (sequences <= max || shards.size() < 2) {
      return 0;
    }
    long bytes = 0;
    for (List<StatisticsBatch> shard : shards) {
      bytes += writeShard(layout, teacher, shard);
    }
    return (bytes - oneShard) * ((double) sequences / max - 1) / (shards.size() - 1);
  }

  private long writeShard(String layout, String teacher, List<StatisticsBatch> answers) {
    int sequences = answers.stream().mapToInt(answer -> answer.tokens().sequences()).sum();
    ShardHeader header =
        tokens
            .identity(tokens.splits(), teacher, selection.spec(), layout)
            .header(tokens.vocabulary(), tokens.sequenceLength(), 0, sequences);
    try {
      Path directory = Files.createTempDirectory("stillhouse-dry-run");
      Path file = directory.resolve("shard.parquet");
      try (ShardWriter writer = Layouts.named(layout).writer(file, header)) {
        int next = 0;
        for (StatisticsBatch answer : answers) {
          writer.write(numbered(answer, next));
          next += answer.tokens().sequences();
        }
        writer.finish();
        return Files.size(file);
      } finally {
        Scratch.delete(file);
        Scratch.delete(directory);
      }
    } catch (IOException e) {
      throw new DataException("cannot write a temporary file: " + e, e);
    }
  }

  /** Returns the batch numbered from {@code first} on. */
  private static StatisticsBatch numbered(StatisticsBatch answer, long first) {
    TokenBatch tokens = answer.tokens();
    return answer.withTokens(
        new TokenBatch(first, tokens.length(), tokens.tokens(), tokens.segments()));
  }
}

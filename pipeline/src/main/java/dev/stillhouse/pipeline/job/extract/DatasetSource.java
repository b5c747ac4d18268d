package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.NeededBlobs;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The token shards of an existing dataset: a second teacher, statistic or layout over the same
 * sequences, without tokenising again.
 */
public final class DatasetSource implements TokenSource {
  private final String dataset;

  /** The version that was described. Later commits do not belong to it. */
  private long version;

  /**
   * Creates a source of the newest version of a dataset, as it is when it is described.
   *
   * @param dataset path or URI
   */
  public DatasetSource(String dataset) {
    this.dataset = dataset;
  }

  private Manifest described(Dataset opened) {
    return opened.manifest().version() == version
        ? opened.manifest()
        : opened.log().version(version);
  }

  @Override
  public Description describe() {
    try (Dataset opened = Dataset.open(dataset)) {
      Manifest manifest = opened.manifest();
      version = manifest.version();
      return new Description(
          manifest.identity().packing(),
          manifest.tokenizer(),
          manifest.identity().tokenizer(),
          manifest.vocabulary(),
          manifest.sequenceLength(),
          manifest.units());
    }
  }

  @Override
  public Provided provide(JobOutput output, List<String> beam, JobListener listener) {
    List<TokenShardRecord> shards = new ArrayList<>();
    try (Dataset opened = Dataset.open(dataset, ReadOptions.DEFAULT.bookedIn(output.ledger()))) {
      Manifest manifest = described(opened);
      BlobCopy copy = new BlobCopy(opened.reader(), output.home());
      NeededBlobs.tokenizer(manifest, opened.reader()).ifPresent(copy::putMissing);
      for (ShardRecord shard : manifest.shards()) {
        TokenShardRecord tokens = shard.tokens();
        copy.putMissing(tokens.live());
        shards.add(tokens);
      }
      return new Provided(shards, manifest.skipped());
    }
  }

  @Override
  public Optional<TextTokenizer> tokenizer() {
    try (Dataset opened = Dataset.open(dataset)) {
      Manifest manifest = described(opened);
      if (manifest.tokenizer().equals(Tokenizers.UNKNOWN)) {
        return Optional.empty();
      }
      return Optional.of(
          Tokenizers.ofDataset(
              manifest.tokenizer(), manifest.identity().tokenizer(), opened.reader()));
    }
  }

  @Override
  public List<TokenBatch> head(long positions) {
    List<TokenBatch> batches = new ArrayList<>();
    long left = positions;
    try (Dataset opened = Dataset.open(dataset)) {
      ShardBlobs blobs = new ShardBlobs(opened.reader());
      for (ShardRecord shard : described(opened).shards()) {
        if (left <= 0) {
          break;
        }
        batches.add(
            blobs
                .readTokens(shard.tokens(), shard.firstSequence(), 0, shard.sequences(), false)
                .tokens());
        left -= shard.tokens().positions();
      }
      return batches;
    }
  }

  @Override
  public TokenEstimate sample(int sequences) {
    List<TokenBatch> batches = new ArrayList<>();
    try (Dataset opened = Dataset.open(dataset)) {
      ShardBlobs blobs = new ShardBlobs(opened.reader());
      Manifest manifest = described(opened);
      List<ShardRecord> shards = manifest.shards();
      int step = TokenBatch.sequencesAtOnce(manifest.sequenceLength());
      int wanted = Math.max(1, Math.min(shards.size(), sequences / step));
      for (int i = 0; i < wanted; i++) {
        ShardRecord shard = shards.get((int) ((long) shards.size() * i / wanted));
        int rows = Math.min(shard.sequences(), Math.max(step, sequences / wanted));
        for (int from = 0; from < rows; from += step) {
          int to = Math.min(rows, from + step);
          batches.add(
              blobs.readTokens(shard.tokens(), shard.firstSequence(), from, to, false).tokens());
        }
      }
      return new TokenEstimate(batches, manifest.sequences(), true, 0, manifest.skipped());
    }
  }
}

package dev.stillhouse.pipeline.job.pack;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.tokens.SegmentSource;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Sequences of random tokens of any vocabulary, packed once as token shards: what extractions are
 * measured with. A segment is a whole sequence. No tokenizer belongs to them, so a dataset made of
 * them cannot show text.
 */
public final class RandomTokens implements TokenSource {
  private final int vocabulary;
  private final Packing packing;
  private final int sequences;
  private final Path directory;
  private final List<TokenShardRecord> shards;

  /**
   * Packs the sequences.
   *
   * @param vocabulary token ids are below this
   * @param directory for the token shards
   */
  public RandomTokens(int vocabulary, Packing packing, int sequences, Path directory) {
    this.vocabulary = vocabulary;
    this.packing = packing;
    this.sequences = sequences;
    this.directory = directory;
    Description said = describe();
    TokenShardHeader header =
        new TokenShardHeader(said.tokenizer(), vocabulary, packing.sequenceLength());
    Random random = new Random(1);
    try (BlobStore store = BlobStores.open(directory.toString());
        TokenShards packed = new TokenShards(store, header, packing.shardSequences())) {
      for (int i = 0; i < sequences; i++) {
        int length = packing.sequenceLength();
        packed.accept(
            random.ints(length, 0, vocabulary).toArray(),
            new int[length],
            List.of(new SegmentSource("random", i)));
      }
      shards = packed.finish();
    }
  }

  @Override
  public Description describe() {
    String unit = Hashes.sha256(("random " + sequences).getBytes(StandardCharsets.UTF_8));
    return new Description(
        packing.canonical(),
        "random",
        "random " + vocabulary,
        vocabulary,
        packing.sequenceLength(),
        List.of(unit));
  }

  @Override
  public Provided provide(JobOutput output, List<String> beam, JobListener listener) {
    try (BlobStore store = BlobStores.open(directory.toString())) {
      BlobCopy copy =
          new BlobCopy(new ReplicaReader(ImmutableList.of(store), new Ledger()), output.home());
      for (TokenShardRecord shard : shards) {
        copy.put(shard.live());
      }
    }
    return new Provided(shards, Skipped.NONE);
  }

  @Override
  public List<TokenBatch> head(long positions) {
    return sample(1).batches();
  }

  @Override
  public TokenEstimate sample(int wanted) {
    int rows = Math.max(1, Math.min(wanted, sequences));
    int length = packing.sequenceLength();
    int[] tokens = new Random(1).ints((long) rows * length, 0, vocabulary).toArray();
    TokenBatch batch = new TokenBatch(0, length, tokens, new int[tokens.length]);
    return new TokenEstimate(List.of(batch), sequences, true, 0, Skipped.NONE);
  }
}

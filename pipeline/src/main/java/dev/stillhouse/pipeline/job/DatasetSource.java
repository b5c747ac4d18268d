package dev.stillhouse.pipeline.job;

import dev.stillhouse.pipeline.corpus.Tokenizers;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.Manifest;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.dataset.TokenShardRecord;
import dev.stillhouse.storage.region.RegionStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The token shards of a dataset that is there: a second teacher, statistic or layout over the same
 * sequences, without tokenising again.
 *
 * @param dataset path or URI
 */
public record DatasetSource(String dataset) implements TokenSource {
  private static final int PIECE_BYTES = 8 << 20;

  @Override
  public Description describe() {
    try (Dataset opened = Dataset.open(dataset)) {
      Manifest manifest = opened.manifest();
      return new Description(
          manifest.identity().corpus(),
          manifest.identity().packing(),
          manifest.tokenizer(),
          manifest.identity().tokenizer(),
          manifest.vocabulary(),
          manifest.sequenceLength(),
          manifest.units());
    }
  }

  @Override
  public Provided provide(RegionStore home, String store, List<String> beam, JobListener listener) {
    List<TokenShardRecord> shards = new ArrayList<>();
    try (Dataset opened = Dataset.open(dataset)) {
      Tokenizers.copy(opened.manifest().identity().tokenizer(), opened.reader(), home);
      for (ShardRecord shard : opened.manifest().shards()) {
        copy(opened, shard.tokens(), home);
        shards.add(shard.tokens());
      }
      return new Provided(shards, opened.manifest().skipped());
    }
  }

  /** Copies a token shard; whoever reads it there checks its checksums again. */
  private static void copy(Dataset from, TokenShardRecord shard, RegionStore home) {
    if (home.size(shard.key()).isPresent()) {
      return;
    }
    Path file = home.scratch().resolve(UUID.randomUUID() + ".parquet");
    try (OutputStream out = Files.newOutputStream(file)) {
      long bytes = shard.blob().bytes();
      for (long at = 0; at < bytes; at += PIECE_BYTES) {
        ByteRange range = new ByteRange(at, (int) Math.min(PIECE_BYTES, bytes - at));
        ByteBuffer piece = from.reader().read(shard.key(), List.of(range)).get(0);
        out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
      }
      out.flush();
      home.putNew(shard.key(), file);
    } catch (IOException e) {
      throw new DataException("cannot copy " + shard.key() + ": " + e.getMessage(), e);
    } finally {
      Scratch.delete(file);
    }
  }
}

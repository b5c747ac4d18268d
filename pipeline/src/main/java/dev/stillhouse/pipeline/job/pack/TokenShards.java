package dev.stillhouse.pipeline.job.pack;

import dev.stillhouse.pipeline.job.Scratch;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.tokens.PackedRows;
import dev.stillhouse.storage.tokens.SegmentSource;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import dev.stillhouse.storage.tokens.TokenShardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts the sequences of a corpus split into token shards and puts them into the store. */
final class TokenShards implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenShards.class);

  private final BlobStore store;
  private final TokenShardHeader header;
  private final int shardSequences;
  private final List<TokenShardRecord> records = new ArrayList<>();
  private @Nullable Open open;
  private long sequences;

  TokenShards(BlobStore store, TokenShardHeader header, int shardSequences) {
    this.store = store;
    this.header = header;
    this.shardSequences = shardSequences;
  }

  /** The current shard. */
  private static final class Open {
    final Path file;
    final TokenShardWriter writer;
    int sequences;
    long positions;

    Open(Path file, TokenShardWriter writer) {
      this.file = file;
      this.writer = writer;
    }
  }

  void accept(int[] tokens, int[] segments, List<SegmentSource> sources) {
    try {
      Open shard = open == null ? start() : open;
      TokenBatch batch = new TokenBatch(sequences, header.sequenceLength(), tokens, segments);
      shard.writer.write(new PackedRows(batch, List.of(sources)));
      shard.sequences++;
      sequences++;
      shard.positions += batch.positions();
      if (shard.sequences == shardSequences) {
        put(shard);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Open start() throws IOException {
    Path file = store.scratch().resolve(UUID.randomUUID() + ".parquet");
    Open shard = new Open(file, new TokenShardWriter(file, header));
    open = shard;
    return shard;
  }

  private void put(Open shard) throws IOException {
    TokenShardRecord record =
        new TokenShardRecord(
            BlobRecord.of(shard.writer.finish()),
            sequences - shard.sequences,
            shard.sequences,
            shard.positions);
    ContentBlob.put(store, record.key(), shard.file);
    Scratch.delete(shard.file);
    records.add(record);
    open = null;
  }

  /** Puts the last shard; returns all. */
  List<TokenShardRecord> finish() {
    try {
      if (open != null) {
        put(open);
      }
      return records;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static DataException failed(IOException e) {
    return new DataException("cannot write a token shard: " + e.getMessage(), e);
  }

  /** Removes an unfinished shard. */
  @Override
  public void close() {
    if (open != null) {
      try {
        open.writer.close();
      } catch (IOException e) {
        // The error that brought us here is the one to tell; the file goes either way.
        LOG.debug("an unfinished token shard did not close", e);
      }
      Scratch.delete(open.file);
      open = null;
    }
  }
}

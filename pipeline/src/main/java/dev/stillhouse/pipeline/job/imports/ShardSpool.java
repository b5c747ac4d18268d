package dev.stillhouse.pipeline.job.imports;

import dev.stillhouse.pipeline.job.ExtractedShard;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.pipeline.job.ReceiptCheck;
import dev.stillhouse.pipeline.job.Scratch;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.pipeline.job.StatisticsBatchCoder;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.tokens.PackedRows;
import dev.stillhouse.storage.tokens.SegmentSource;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import dev.stillhouse.storage.tokens.TokenShardWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * One shard on its way: its tokens go into their token shard, its statistics into a scratch file,
 * since a shard's header says how many sequences it has.
 */
final class ShardSpool implements AutoCloseable {
  private static final StatisticsBatchCoder CODER = new StatisticsBatchCoder();

  private final OutputPlan plan;
  private final JobOutput output;
  private final long first;
  private final Path tokenFile;
  private final Path spoolFile;
  private final TokenShardWriter tokens;
  private final OutputStream spool;
  private int sequences;
  private long positions;

  /** Creates the shard that begins with this sequence. */
  ShardSpool(OutputPlan plan, JobOutput output, long first) {
    this.plan = plan;
    this.output = output;
    this.first = first;
    String name = UUID.randomUUID().toString();
    this.tokenFile = output.home().scratch().resolve(name + ".parquet");
    this.spoolFile = output.home().scratch().resolve(name + ".rows");
    try {
      this.tokens =
          new TokenShardWriter(
              tokenFile,
              new TokenShardHeader(
                  plan.identity().tokenizer(), plan.vocabulary(), plan.sequenceLength()));
      this.spool = new BufferedOutputStream(Files.newOutputStream(spoolFile), 1 << 16);
    } catch (IOException e) {
      Scratch.delete(tokenFile);
      throw failed(e);
    }
  }

  /** Returns the number of sequences that it has. */
  int sequences() {
    return sequences;
  }

  /** Appends a sequence. */
  void add(StatisticsBatch row, List<SegmentSource> sources) {
    try {
      tokens.write(new PackedRows(row.tokens(), List.of(sources)));
      CODER.encode(row, spool);
    } catch (IOException e) {
      throw failed(e);
    }
    sequences++;
    positions += row.tokens().positions();
  }

  /** Puts both shards into the store, unless a true receipt says that they are there. */
  ShardRecord put() {
    try {
      spool.close();
      TokenShardRecord record =
          new TokenShardRecord(BlobRecord.of(tokens.finish()), first, sequences, positions);
      ContentBlob.put(output.home(), record.key(), tokenFile);
      ShardTask task = new ShardTask(first, record);
      Receipts<ShardRecord> receipts = output.receipts(plan.identity().hash(), ShardRecord.class);
      ReceiptCheck check = new ReceiptCheck(plan, output);
      return receipts
          .find(task.receipt(), found -> check.accept(task, found))
          .orElseGet(() -> receipts.put(task.receipt(), write(task)));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private ShardRecord write(ShardTask task) {
    try (InputStream rows = new BufferedInputStream(Files.newInputStream(spoolFile), 1 << 16);
        ExtractedShard shard = new ExtractedShard(plan, output.home(), task)) {
      for (int row = 0; row < sequences; row++) {
        shard.write(CODER.decode(rows));
      }
      return shard.put();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private DataException failed(IOException e) {
    return new DataException(
        "cannot write the shard of sequences from " + first + " on: " + e.getMessage(), e);
  }

  /** Removes the scratch files. */
  @Override
  public void close() {
    try {
      spool.close();
      tokens.close();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      Scratch.delete(tokenFile);
      Scratch.delete(spoolFile);
    }
  }
}

package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.manifest.DatasetFingerprint;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.TeacherNote;
import dev.stillhouse.storage.manifest.Totals;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.store.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes the shard of one shard task, in the store's scratch directory. */
public final class ExtractedShard implements AutoCloseable {
  private final ShardTask task;
  private final BlobStore store;
  private final Path file;
  private final ShardWriter writer;
  private final DatasetFingerprint fingerprint = new DatasetFingerprint();
  private Totals totals = Totals.NONE;
  private List<TeacherNote> notes = List.of();

  public ExtractedShard(OutputPlan plan, BlobStore store, ShardTask task) {
    this.task = task;
    this.store = store;
    this.file = store.scratch().resolve(UUID.randomUUID() + ".parquet");
    try {
      this.writer = Layouts.named(plan.identity().layout()).writer(file, plan.header(task));
    } catch (IOException e) {
      Scratch.delete(file);
      throw failed(e);
    }
  }

  /** Appends a batch; returns the number of its positions. */
  public long write(StatisticsBatch batch) {
    try {
      writer.write(batch);
    } catch (IOException e) {
      throw failed(e);
    }
    fingerprint.add(batch.tokens());
    Totals more = Totals.NONE.plus(batch);
    totals = totals.plus(more);
    return more.positions();
  }

  /** Adds how exact the teacher's answer to a batch was. */
  public void note(Optional<TeacherNote> note) {
    notes = TeacherNote.sum(Stream.concat(notes.stream(), note.stream()).toList());
  }

  /** Puts the shard into the store. All batches must have been written. */
  public ShardRecord put() {
    try {
      BlobRecord blob = BlobRecord.of(writer.finish());
      ShardRecord record =
          new ShardRecord(
              blob, task.firstSequence(), fingerprint.hex(), totals, task.tokens(), notes);
      ContentBlob.put(store, record.key(), file);
      return record;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private DataException failed(IOException e) {
    return new DataException(
        "cannot write the shard of sequences from "
            + task.firstSequence()
            + " on: "
            + e.getMessage(),
        e);
  }

  /** Removes the file; a shard that was put stays. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      Scratch.delete(file);
    }
  }
}

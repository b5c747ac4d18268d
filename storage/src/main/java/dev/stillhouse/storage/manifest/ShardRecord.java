package dev.stillhouse.storage.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.IfAbsent;
import java.util.List;

/**
 * A shard of a dataset: the statistics of one token shard's sequences.
 *
 * @param blob the file
 * @param firstSequence dataset-wide number of its first sequence
 * @param fingerprint this shard's part of the {@link DatasetFingerprint}
 * @param totals sums over its positions
 * @param tokens the token shard it was made from
 * @param teacherNotes how exact its teacher's log-probs were; none or one, and in receipts alone: a
 *     manifest has one for all shards
 */
public record ShardRecord(
    BlobRecord blob,
    long firstSequence,
    String fingerprint,
    Totals totals,
    TokenShardRecord tokens,
    @JsonProperty("teacherNotes")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @IfAbsent(IfAbsent.EMPTY_LIST)
        List<TeacherNote> teacherNotes) {
  /** Creates a record without a note, as manifests have it. */
  public ShardRecord(
      BlobRecord blob,
      long firstSequence,
      String fingerprint,
      Totals totals,
      TokenShardRecord tokens) {
    this(blob, firstSequence, fingerprint, totals, tokens, List.of());
  }

  public ShardRecord {
    teacherNotes = List.copyOf(teacherNotes);
    Hashes.check("fingerprint", fingerprint);
    if (firstSequence < 0) {
      throw DataException.of("shard %s: firstSequence %d", blob.sha256(), firstSequence);
    }
  }

  /** Returns the record as manifests have it. */
  public ShardRecord withoutNotes() {
    return new ShardRecord(blob, firstSequence, fingerprint, totals, tokens);
  }

  /** Returns the key of the blob. */
  public String key() {
    return BlobKind.SHARD.key(blob.sha256());
  }

  /** Returns the number of sequences. */
  public int sequences() {
    return tokens.sequences();
  }

  /** Returns the first dataset-wide number behind the shard. */
  public long endSequence() {
    return firstSequence + sequences();
  }
}

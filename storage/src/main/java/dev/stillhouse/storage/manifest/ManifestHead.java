package dev.stillhouse.storage.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import java.util.List;

/**
 * The JSON of a manifest of format {@value Manifest#LISTED}: all of a {@link Manifest}, with the
 * blobs that list the shards in place of the shards. A version that adds to another shares all its
 * lists but the last with it.
 *
 * @param lists in order of sequences
 */
record ManifestHead(
    String format,
    long version,
    Identity identity,
    String digest,
    String fingerprint,
    String tokenizer,
    String teacher,
    int vocabulary,
    int sequenceLength,
    List<String> units,
    List<ListRecord> lists,
    Skipped skipped,
    List<Origin> origins,
    @JsonProperty("teacherDoubts")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @IfAbsent(IfAbsent.EMPTY_LIST)
        List<TeacherDoubt> teacherDoubts,
    @JsonProperty("imported")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @IfAbsent(IfAbsent.EMPTY_LIST)
        List<ImportNote> imported,
    @JsonProperty("teacherNotes")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @IfAbsent(IfAbsent.EMPTY_LIST)
        List<TeacherNote> teacherNotes) {

  /** Returns the head of a manifest with these lists. */
  static ManifestHead of(Manifest manifest, List<ListRecord> lists) {
    return new ManifestHead(
        manifest.format(),
        manifest.version(),
        manifest.identity(),
        manifest.digest(),
        manifest.fingerprint(),
        manifest.tokenizer(),
        manifest.teacher(),
        manifest.vocabulary(),
        manifest.sequenceLength(),
        manifest.units(),
        lists,
        manifest.skipped(),
        manifest.origins(),
        manifest.teacherDoubts(),
        manifest.imported(),
        manifest.teacherNotes());
  }

  /** Reads a head, and checks what can be checked without its lists. */
  static ManifestHead parse(String blob, byte[] json) {
    ManifestHead head = Json.record(blob, json, ManifestHead.class);
    long before = -1;
    long shards = 0;
    for (ListRecord list : head.lists) {
      if (list.firstSequence() <= before) {
        throw DataException.of(
            "%s: list %s starts at sequence %d, the one before it at %d: need ascending ones",
            blob, list.sha256(), list.firstSequence(), before);
      }
      before = list.firstSequence();
      shards += list.shards();
    }
    if (shards > Integer.MAX_VALUE) {
      throw DataException.of("%s: %d shards, at most %d", blob, shards, Integer.MAX_VALUE);
    }
    return head;
  }

  /** Returns the manifest with these shards, which are those of its lists. */
  Manifest with(ShardLists shards) {
    return new Manifest(
        format,
        version,
        identity,
        digest,
        fingerprint,
        tokenizer,
        teacher,
        vocabulary,
        sequenceLength,
        units,
        shards,
        skipped,
        origins,
        teacherDoubts,
        imported,
        teacherNotes);
  }
}

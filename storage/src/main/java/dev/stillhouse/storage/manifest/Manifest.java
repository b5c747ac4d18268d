package dev.stillhouse.storage.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.layout.ErrorBound;
import java.util.ArrayList;
import java.util.List;

/**
 * One immutable version of a dataset: its identity and its live shards, in order of sequences.
 *
 * @param format grammar of this file
 * @param version number of this version, from 1
 * @param identity what decides the content
 * @param digest hash of identity and every shard's hash, in order: two stores hold the same dataset
 *     exactly when it is equal
 * @param fingerprint hash of all sequences, see {@link DatasetFingerprint}
 * @param tokenizer name of the tokenizer, for people
 * @param teacher name of the teacher, for people
 * @param vocabulary token ids are below this
 * @param sequenceLength positions in a sequence (T)
 * @param units content hashes of the corpus splits
 * @param shards the shards
 * @param skipped documents of the corpus that were left out
 * @param origins datasets that it was migrated through, the last is the one that was read
 * @param teacherDoubts promises that the teacher was found not to keep
 * @param imported where it was imported from; none or one
 * @param teacherNotes how exact its teacher's log-probs were; none or one
 */
public record Manifest(
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
    List<ShardRecord> shards,
    @JsonProperty("skipped") @IfAbsent(Skipped.NONE_JSON) Skipped skipped,
    @JsonProperty("origins")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @IfAbsent(IfAbsent.EMPTY_LIST)
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
  /** All shards stand in the JSON. */
  static final String INLINE = "stillhouse-manifest-1";

  /** The JSON names lists of shards, see {@link ManifestHead}. */
  static final String LISTED = "stillhouse-manifest-2";

  /** Max number of shards that are written into the JSON; any number is read. */
  static final int MAX_INLINE = 4_096;

  public Manifest {
    units = List.copyOf(units);
    shards = ShardLists.of(shards);
    origins = List.copyOf(origins);
    teacherDoubts = List.copyOf(teacherDoubts);
    imported = List.copyOf(imported);
    teacherNotes = List.copyOf(teacherNotes);
  }

  /** Returns a manifest whose digest and fingerprint follow from its shards. */
  public static Manifest of(
      long version,
      Identity identity,
      String tokenizer,
      String teacher,
      int vocabulary,
      int sequenceLength,
      List<String> units,
      List<ShardRecord> shards) {
    ShardLists lists = ShardLists.of(shards);
    lists.checkOrder("manifest");
    return new Manifest(
            lists.size() > MAX_INLINE ? LISTED : INLINE,
            version,
            identity,
            lists.digest(identity),
            lists.fingerprint(),
            tokenizer,
            teacher,
            vocabulary,
            sequenceLength,
            units,
            lists,
            Skipped.NONE,
            List.of(),
            List.of(),
            List.of(),
            List.of())
        .checkedShape("manifest");
  }

  /** Returns the same manifest with facts that no digest depends on. */
  public Manifest with(Skipped documents, List<Origin> from) {
    return with(format, shards, documents, from, teacherDoubts, imported, teacherNotes);
  }

  /**
   * Returns the same manifest with promises that its teacher does not keep. No digest depends on
   * them.
   */
  public Manifest doubting(List<TeacherDoubt> doubts) {
    return with(format, shards, skipped, origins, doubts, imported, teacherNotes);
  }

  /** Returns the same manifest with where it was imported from. No digest depends on it. */
  public Manifest importedAs(List<ImportNote> notes) {
    return with(format, shards, skipped, origins, teacherDoubts, notes, teacherNotes);
  }

  /** Returns the same manifest with how exact its teacher was. No digest depends on it. */
  public Manifest noting(List<TeacherNote> notes) {
    return with(format, shards, skipped, origins, teacherDoubts, imported, notes);
  }

  /**
   * Returns how far a log-prob may be from the teacher's: by the layouts that rounded it, and by
   * the source that it was imported from.
   */
  public ErrorBound errorBound() {
    RoundingHistory layouts = RoundingHistory.of(identity);
    if (imported.isEmpty()) {
      return layouts;
    }
    ImportNote source = imported.get(0);
    return logProb -> {
      float rounded = layouts.bound(logProb);
      return rounded + source.bound(logProb - rounded);
    };
  }

  /**
   * Returns the same manifest with its shards in lists of at most {@code max}, however few they
   * are.
   */
  Manifest inLists(int max) {
    return with(
        LISTED,
        ShardLists.of(shards, max),
        skipped,
        origins,
        teacherDoubts,
        imported,
        teacherNotes);
  }

  private Manifest with(
      String grammar,
      List<ShardRecord> kept,
      Skipped documents,
      List<Origin> from,
      List<TeacherDoubt> doubts,
      List<ImportNote> sources,
      List<TeacherNote> notes) {
    return new Manifest(
        grammar,
        version,
        identity,
        digest,
        fingerprint,
        tokenizer,
        teacher,
        vocabulary,
        sequenceLength,
        units,
        kept,
        documents,
        from,
        doubts,
        sources,
        notes);
  }

  /**
   * Returns the same manifest, if it holds nothing impossible.
   *
   * @throws dev.stillhouse.storage.DataException if it does
   */
  public Manifest checked(String blob) {
    if (!format.equals(INLINE) && !format.equals(LISTED)) {
      throw DataException.of(
          "%s: format '%s'; this release reads '%s' and '%s'", blob, format, INLINE, LISTED);
    }
    checkedShape(blob);
    lists().checkOrder(blob);
    if (!digest.equals(lists().digest(identity))) {
      throw DataException.of("%s: digest %s does not follow from its shards", blob, digest);
    }
    if (!fingerprint.equals(lists().fingerprint())) {
      throw DataException.of("%s: fingerprint %s is not its shards' sum", blob, fingerprint);
    }
    if (!identity.corpus().equals(Identity.corpus(units))) {
      throw DataException.of(
          "%s: identity.corpus is %s; its units give %s",
          blob, identity.corpus(), Identity.corpus(units));
    }
    ShardFacts.check(blob, this);
    return this;
  }

  private Manifest checkedShape(String blob) {
    if (sequenceLength < 1 || vocabulary < 1) {
      throw DataException.of(
          "%s: sequenceLength %d, vocabulary %d: need 1 or more", blob, sequenceLength, vocabulary);
    }
    return this;
  }

  /** Returns the shards in the form in which they are held. */
  public ShardLists lists() {
    return ShardLists.of(shards);
  }

  /**
   * Returns the blobs that list its shards; none if the shards stand in the manifest itself.
   *
   * @throws IllegalStateException if it was neither read, prepared nor appended, so that there are
   *     none yet
   */
  List<ListRecord> listBlobs() {
    if (format.equals(INLINE)) {
      return List.of();
    }
    List<ListRecord> blobs = new ArrayList<>();
    for (ShardList list : lists().lists()) {
      ListRecord blob = list.stored();
      if (blob == null) {
        throw new IllegalStateException(
            "version " + version + " has no lists yet: prepare or append it first");
      }
      blobs.add(blob);
    }
    return blobs;
  }

  /**
   * Returns its shards followed by others. The result shares all lists but the last with this
   * version, in memory as in storage.
   */
  public List<ShardRecord> shardsAnd(List<ShardRecord> added) {
    return lists().plus(added, ShardList.MAX_SHARDS);
  }

  /** Returns the number of sequences. */
  @JsonIgnore
  public long sequences() {
    return lists().sequences();
  }

  /** Returns the bytes of all shards. */
  @JsonIgnore
  public long bytes() {
    return lists().bytes();
  }

  /** Returns the sums over all positions, added shard after shard. */
  @JsonIgnore
  public Totals totals() {
    return lists().totals();
  }

  /** Returns the shard that holds a sequence. */
  public ShardRecord shardOf(long sequence) {
    if (sequence < 0 || sequence >= sequences()) {
      throw DataException.of("sequence %d: the dataset has 0 to %d", sequence, sequences() - 1);
    }
    return lists().of(sequence);
  }
}

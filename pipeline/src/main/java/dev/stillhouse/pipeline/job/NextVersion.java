package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.manifest.ImportNote;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.Origin;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.TeacherDoubt;
import dev.stillhouse.storage.manifest.TeacherNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The version that an extraction makes: a dataset's first, or one more that begins with all shards
 * of {@code base}. Shards are immutable, so the new version names the old ones again.
 */
public record NextVersion(Optional<Manifest> base) {
  /** The first version of a dataset. */
  public static final NextVersion FIRST = new NextVersion(Optional.empty());

  public static NextVersion after(Manifest base) {
    return new NextVersion(Optional.of(base));
  }

  public long number() {
    return base.map(Manifest::version).orElse(0L) + 1;
  }

  /** Returns the number of the first new sequence. */
  public long firstSequence() {
    return base.map(Manifest::sequences).orElse(0L);
  }

  /** Returns the content hashes of all corpus splits. */
  public List<String> splits(List<String> added) {
    return joined(base.map(Manifest::units).orElse(List.of()), added);
  }

  public List<ShardRecord> shards(List<ShardRecord> added) {
    return base.map(manifest -> manifest.shardsAnd(added)).orElse(added);
  }

  /** Returns the documents that were left out, in the base and now. */
  public Skipped skipped(Skipped added) {
    return base.map(Manifest::skipped).orElse(Skipped.NONE).plus(added);
  }

  /** Returns the datasets through which the base was migrated. */
  public List<Origin> origins() {
    return base.map(Manifest::origins).orElse(List.of());
  }

  /** Returns where the base was imported from. */
  public List<ImportNote> imported() {
    return base.map(Manifest::imported).orElse(List.of());
  }

  /** Returns how exact the teacher was, in the base and now. */
  public List<TeacherNote> notes(List<TeacherNote> added) {
    return TeacherNote.sum(joined(base.map(Manifest::teacherNotes).orElse(List.of()), added));
  }

  /** Returns the doubts about the teacher, in the base and now. */
  public List<TeacherDoubt> doubts(List<TeacherDoubt> added) {
    return joined(base.map(Manifest::teacherDoubts).orElse(List.of()), added).stream()
        .distinct()
        .toList();
  }

  /**
   * Returns whether the base ends with these corpus splits: then the same command ran before, to
   * the end. To have a text in a dataset twice, append it under other settings or as one corpus.
   */
  public boolean has(List<String> added) {
    List<String> splits = base.map(Manifest::units).orElse(List.of());
    int from = splits.size() - added.size();
    return from >= 0 && splits.subList(from, splits.size()).equals(added);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}

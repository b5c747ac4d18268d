package dev.stillhouse.storage.manifest;

import java.util.List;
import java.util.stream.Stream;

/**
 * Documents that were left out because they could not be read.
 *
 * @param count number of documents
 * @param first the first of them, at most {@link #MAX}
 */
public record Skipped(long count, List<SkippedDocument> first) {
  /** Max number of documents that are named. */
  public static final int MAX = 100;

  /**
   * No document was left out. It is also the value of files of before documents could be left out.
   */
  public static final Skipped NONE = new Skipped(0, List.of());

  /** {@link #NONE} as JSON: the default of a field. */
  static final String NONE_JSON = "{\"count\": 0, \"first\": []}";

  public Skipped {
    first = List.copyOf(first);
  }

  /** Returns these and one more. */
  public Skipped plus(SkippedDocument next) {
    return plus(new Skipped(1, List.of(next)));
  }

  /** Returns these documents followed by others. */
  public Skipped plus(Skipped next) {
    if (first.size() == MAX || next.first.isEmpty()) {
      return new Skipped(count + next.count, first);
    }
    return new Skipped(
        count + next.count, Stream.concat(first.stream(), next.first.stream()).limit(MAX).toList());
  }

  /** Returns a text for people: how many, and which is the first. */
  @Override
  public String toString() {
    return count
        + (count == 1 ? " document" : " documents")
        + (first.isEmpty() ? "" : ", the first: " + first.get(0));
  }
}

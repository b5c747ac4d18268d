package dev.stillhouse.storage.dataset.retention;

import dev.stillhouse.storage.manifest.BlobKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a dataset no longer needs.
 *
 * @param versions that go
 * @param items copies that go, in all regions
 * @param unfinished copies that stay only for receipts of work that is not committed
 * @param unknown what stays since this release does not know what it is, as "region: key"
 * @param doubts why less goes than could, in words
 * @param unreachable regions that were not asked, each with the reason
 */
public record Garbage(
    Collection<Long> versions,
    List<Item> items,
    long unfinished,
    List<String> unknown,
    List<String> doubts,
    Map<String, String> unreachable) {

  /**
   * One copy of one blob.
   *
   * @param bytes its length
   */
  public record Item(String region, String key, long bytes) {
    /** When it goes: what names others goes before what is named. */
    Step step() {
      return BlobKind.of(key).map(Item::step).orElse(Step.BLOBS);
    }

    private static Step step(BlobKind kind) {
      return switch (kind) {
        case CLAIM, RECEIPT, PART, PIN -> Step.RECEIPTS;
        case MANIFEST -> Step.MANIFESTS;
        case LIST, SHARD, TOKENS, TOKENIZER, TEACHER, FORCED, REGIONS -> Step.BLOBS;
      };
    }
  }

  /** What goes together. Each is done in every region before the next begins in any. */
  enum Step {
    RECEIPTS,
    MANIFESTS,
    BLOBS
  }

  /**
   * What was removed.
   *
   * @param copies how many
   * @param bytes of these
   * @param failed regions where something could not be removed, each with the reason
   */
  public record Removed(long copies, long bytes, Map<String, String> failed) {}

  /** Bytes of all copies that go. */
  public long bytes() {
    return items.stream().mapToLong(Item::bytes).sum();
  }
}

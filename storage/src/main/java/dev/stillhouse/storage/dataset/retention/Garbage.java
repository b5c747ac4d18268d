package dev.stillhouse.storage.dataset.retention;

import dev.stillhouse.storage.manifest.BlobKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a dataset no longer needs.
 *
 * @param versions to remove
 * @param items blobs to remove, in all regions
 * @param unfinished blobs that stay only for receipts of work that is not committed
 * @param unknown blobs that stay because this release does not know their kind, as "region: key"
 * @param doubts why less is removed than could be, in words
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
   * A blob in one region.
   *
   * @param bytes its length
   */
  public record Item(String region, String key, long bytes) {
    /** Returns the step in which it is removed: what names others goes before what it names. */
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

  /** The steps of removal. Each is done in every region before the next begins in any. */
  enum Step {
    RECEIPTS,
    MANIFESTS,
    BLOBS
  }

  /**
   * What was removed.
   *
   * @param copies number of blobs, over all regions
   * @param bytes their length
   * @param failed regions where something could not be removed, each with the reason
   */
  public record Removed(long copies, long bytes, Map<String, String> failed) {}

  /** Returns the bytes of all blobs to remove. */
  public long bytes() {
    return items.stream().mapToLong(Item::bytes).sum();
  }
}

package dev.stillhouse.pipeline.packing;

import dev.stillhouse.storage.UsageException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How documents become sequences.
 *
 * @param sequenceLength slots of each sequence (T)
 * @param shardSequences sequences of each token shard
 * @param separator id that is put after each document and belongs to its last segment; null for
 *     none
 */
public record Packing(int sequenceLength, int shardSequences, @Nullable Integer separator)
    implements Serializable {
  /** Most slots of a sequence. */
  public static final int LONGEST = 1 << 20;

  public Packing {
    if (sequenceLength < 1 || sequenceLength > LONGEST) {
      throw UsageException.of("sequence length %d: need 1 to %d", sequenceLength, LONGEST);
    }
    if (shardSequences < 1) {
      throw UsageException.of("%d sequences a shard: need >= 1", shardSequences);
    }
    if (separator != null && separator < 0) {
      throw UsageException.of("separator id %d: need >= 0", separator);
    }
  }

  /** All settings as one text, for identities: equal texts mean equal settings. */
  public String canonical() {
    return "sequenceLength="
        + sequenceLength
        + " shardSequences="
        + shardSequences
        + " separator="
        + separator;
  }
}

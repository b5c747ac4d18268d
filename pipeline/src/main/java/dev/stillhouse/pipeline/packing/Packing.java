package dev.stillhouse.pipeline.packing;

import dev.stillhouse.storage.UsageException;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  /** Max slots of a sequence. */
  public static final int LONGEST = 1 << 20;

  private static final Pattern SHARD_SEQUENCES =
      Pattern.compile(" shardSequences=([1-9]\\d{0,8}) ");

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

  /**
   * Returns the sequences of each token shard in a {@link #canonical} text, which may come from
   * another dataset.
   *
   * @return at least 1; the largest int if the text has none
   */
  public static int shardSequences(String canonical) {
    Matcher matcher = SHARD_SEQUENCES.matcher(canonical);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
  }

  /** Returns all settings as one text, for identities: equal texts mean equal settings. */
  public String canonical() {
    return "sequenceLength="
        + sequenceLength
        + " shardSequences="
        + shardSequences
        + " separator="
        + separator;
  }
}

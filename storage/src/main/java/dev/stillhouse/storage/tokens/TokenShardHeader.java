package dev.stillhouse.storage.tokens;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Footer;
import java.util.Map;

/**
 * The header of a token shard.
 *
 * @param tokenizer fingerprint of the tokenizer
 * @param vocabulary token ids are below this
 * @param sequenceLength positions in each row (T)
 */
public record TokenShardHeader(String tokenizer, int vocabulary, int sequenceLength) {
  /** The longest sequence, in positions. */
  public static final int MAX_POSITIONS = 1 << 20;

  private static final String KIND = "stillhouse.kind";
  private static final String TOKENS = "tokens";

  public Map<String, String> toMetadata() {
    return ImmutableMap.of(
        KIND,
        TOKENS,
        "stillhouse.tokenizer",
        tokenizer,
        "stillhouse.vocabulary",
        Integer.toString(vocabulary),
        "stillhouse.sequence_length",
        Integer.toString(sequenceLength));
  }

  public static TokenShardHeader of(Footer footer) {
    if (!footer.metadata(KIND).equals(TOKENS)) {
      throw new DamagedBlobException(footer.blob(), 0, "this is no token shard");
    }
    try {
      TokenShardHeader header =
          new TokenShardHeader(
              footer.metadata("stillhouse.tokenizer"),
              Integer.parseInt(footer.metadata("stillhouse.vocabulary")),
              Integer.parseInt(footer.metadata("stillhouse.sequence_length")));
      if (header.sequenceLength >= 1 && header.sequenceLength <= MAX_POSITIONS) {
        return header;
      }
      throw new DamagedBlobException(
          footer.blob(), 0, "sequence length " + header.sequenceLength + " is out of range");
    } catch (NumberFormatException e) {
      throw new DamagedBlobException(footer.blob(), 0, "a number of the footer is none", e);
    }
  }
}

package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import java.util.Map;

/**
 * What a shard says about itself in its footer, so that no side file is needed to decode it (law
 * 2). Each field is a key {@code stillhouse.<name>}.
 *
 * @param layout name of the layout
 * @param statistic text form of the {@link StatisticSpec}
 * @param arithmetic release of the extractor's arithmetic
 * @param teacher fingerprint of the teacher
 * @param tokenizer fingerprint of the tokenizer
 * @param vocabulary token ids are below this
 * @param firstSequence dataset-wide number of the first row
 * @param sequences rows
 * @param sequenceLength positions in each row (T)
 */
@PublicApi
public record ShardHeader(
    String layout,
    String statistic,
    String arithmetic,
    String teacher,
    String tokenizer,
    int vocabulary,
    long firstSequence,
    int sequences,
    int sequenceLength) {
  static final String LAYOUT = "stillhouse.layout";

  /** Returns the keys and values of the footer. */
  public Map<String, String> toMetadata() {
    return ImmutableMap.<String, String>builder()
        .put(LAYOUT, layout)
        .put("stillhouse.statistic", statistic)
        .put("stillhouse.arithmetic", arithmetic)
        .put("stillhouse.teacher", teacher)
        .put("stillhouse.tokenizer", tokenizer)
        .put("stillhouse.vocabulary", Integer.toString(vocabulary))
        .put("stillhouse.first_sequence", Long.toString(firstSequence))
        .put("stillhouse.sequences", Integer.toString(sequences))
        .put("stillhouse.sequence_length", Integer.toString(sequenceLength))
        .buildOrThrow();
  }

  /**
   * Reads the header in a footer whose checksum held.
   *
   * @throws DataException if a key is missing or wrong
   */
  public static ShardHeader of(Footer footer) {
    ShardHeader header =
        new ShardHeader(
            footer.metadata(LAYOUT),
            footer.metadata("stillhouse.statistic"),
            footer.metadata("stillhouse.arithmetic"),
            footer.metadata("stillhouse.teacher"),
            footer.metadata("stillhouse.tokenizer"),
            (int) number(footer, "stillhouse.vocabulary", 0, Integer.MAX_VALUE),
            number(footer, "stillhouse.first_sequence", 0, Long.MAX_VALUE - Integer.MAX_VALUE),
            (int) number(footer, "stillhouse.sequences", 0, Integer.MAX_VALUE),
            (int) number(footer, "stillhouse.sequence_length", 1, TokenShardHeader.MAX_POSITIONS));
    if (header.sequences != footer.rows()) {
      throw new DamagedBlobException(
          footer.blob(),
          0,
          "stillhouse.sequences is " + header.sequences + ", row groups have " + footer.rows());
    }
    try {
      header.spec();
    } catch (UsageException e) {
      throw new DamagedBlobException(
          footer.blob(),
          0,
          "stillhouse.statistic is '" + header.statistic + "': " + e.getMessage(),
          e);
    }
    return header;
  }

  /** Returns the statistic, which decides which columns the shard has. */
  public StatisticSpec spec() {
    return StatisticSpec.parse(statistic);
  }

  private static long number(Footer footer, String key, long min, long max) {
    String text = footer.metadata(key);
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new DamagedBlobException(footer.blob(), 0, key + " is '" + text + "', no number", e);
    }
    throw new DamagedBlobException(
        footer.blob(), 0, key + " is " + text + ", need " + min + " to " + max);
  }
}

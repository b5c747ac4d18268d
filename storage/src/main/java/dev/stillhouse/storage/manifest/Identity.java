package dev.stillhouse.storage.manifest;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.ShardHeader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that decides a dataset's content, and nothing else: no path, time, host, JDK or region.
 *
 * @param corpus hash of the list of corpus splits' content hashes
 * @param tokenizer fingerprint of the tokenizer
 * @param packing how documents were packed, in text form
 * @param teacher fingerprint of the teacher
 * @param statistic text form of the statistic
 * @param layout name of the layout
 * @param arithmetic release of the extractor's arithmetic, and what was rounded since, see {@link
 *     RoundingHistory}
 */
public record Identity(
    String corpus,
    String tokenizer,
    String packing,
    String teacher,
    String statistic,
    String layout,
    String arithmetic)
    implements Serializable {

  /** Returns the identity as one hash. */
  public String hash() {
    return Hashes.sha256(Json.line(this));
  }

  /**
   * Returns the header of a shard of a dataset of this identity.
   *
   * @param vocabulary token ids are below this
   * @param sequenceLength positions in each row (T)
   * @param firstSequence dataset-wide number of the first row
   * @param sequences rows
   */
  public ShardHeader header(int vocabulary, int sequenceLength, long firstSequence, int sequences) {
    return new ShardHeader(
        layout,
        statistic,
        arithmetic,
        teacher,
        tokenizer,
        vocabulary,
        firstSequence,
        sequences,
        sequenceLength);
  }

  /** Returns the identity of the same content in another layout. */
  public Identity in(Layout target) {
    String rounded = RoundingHistory.of(this).in(target).arithmetic();
    return new Identity(corpus, tokenizer, packing, teacher, statistic, target.name(), rounded);
  }

  /** Returns the hash of the corpus splits' content hashes, in order. */
  public static String corpus(List<String> units) {
    return Hashes.sha256(String.join("\n", units));
  }

  /** Returns what differs between the two, each as "name: this value, that value". */
  public List<String> differences(Identity other) {
    Map<String, String> theirs = other.fields();
    List<String> differences = new ArrayList<>();
    fields()
        .forEach(
            (name, value) -> {
              if (!value.equals(theirs.get(name))) {
                differences.add(name + ": " + value + " here, " + theirs.get(name) + " asked for");
              }
            });
    return differences;
  }

  private Map<String, String> fields() {
    return ImmutableMap.<String, String>builder()
        .put("corpus", corpus)
        .put("tokenizer", tokenizer)
        .put("packing", packing)
        .put("teacher", teacher)
        .put("statistic", statistic)
        .put("layout", layout)
        .put("arithmetic", arithmetic)
        .buildOrThrow();
  }
}

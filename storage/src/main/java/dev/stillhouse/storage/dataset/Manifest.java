package dev.stillhouse.storage.dataset;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import java.nio.charset.StandardCharsets;
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
 * @param units content hashes of the corpus's units
 * @param shards the shards
 * @param skipped documents of the corpus that were left out
 * @param origins datasets that it was migrated through, the last is the one that was read
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
    @JsonProperty("skipped") @JacksonInject(value = Skipped.ABSENT, useInput = OptBoolean.TRUE)
        Skipped skipped,
    @JsonProperty("origins")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @JacksonInject(value = Origin.ABSENT, useInput = OptBoolean.TRUE)
        List<Origin> origins) {
  static final String FORMAT = "stillhouse-manifest-1";

  public Manifest {
    units = List.copyOf(units);
    shards = List.copyOf(shards);
    origins = List.copyOf(origins);
  }

  /** A manifest whose digest and fingerprint follow from its shards. */
  public static Manifest of(
      long version,
      Identity identity,
      String tokenizer,
      String teacher,
      int vocabulary,
      int sequenceLength,
      List<String> units,
      List<ShardRecord> shards) {
    return new Manifest(
            FORMAT,
            version,
            identity,
            digest(identity, shards),
            fingerprint(shards),
            tokenizer,
            teacher,
            vocabulary,
            sequenceLength,
            units,
            shards,
            Skipped.NONE,
            List.of())
        .checked("manifest");
  }

  /** The same with what is told but decides no digest. */
  public Manifest with(Skipped documents, List<Origin> from) {
    return new Manifest(
        format,
        version,
        identity,
        digest,
        fingerprint,
        tokenizer,
        teacher,
        vocabulary,
        sequenceLength,
        units,
        shards,
        documents,
        from);
  }

  /** Reads and checks a manifest. */
  static Manifest parse(String blob, byte[] json) {
    return Json.parse(blob, json, Manifest.class).checked(blob);
  }

  private Manifest checked(String blob) {
    if (!format.equals(FORMAT)) {
      throw DataException.of("%s: format '%s'; this release reads '%s'", blob, format, FORMAT);
    }
    if (sequenceLength < 1 || vocabulary < 1) {
      throw DataException.of(
          "%s: sequenceLength %d, vocabulary %d: need 1 or more", blob, sequenceLength, vocabulary);
    }
    long next = 0;
    for (ShardRecord shard : shards) {
      if (shard.firstSequence() != next) {
        throw DataException.of(
            "%s: shard %s starts at sequence %d; %d must come next",
            blob, shard.blob().sha256(), shard.firstSequence(), next);
      }
      next = shard.endSequence();
    }
    if (!digest.equals(digest(identity, shards))) {
      throw DataException.of("%s: digest %s does not follow from its shards", blob, digest);
    }
    if (!fingerprint.equals(fingerprint(shards))) {
      throw DataException.of("%s: fingerprint %s is not its shards' sum", blob, fingerprint);
    }
    return this;
  }

  private static String digest(Identity identity, List<ShardRecord> shards) {
    Hasher hasher =
        Hashing.sha256().newHasher().putString(identity.hash(), StandardCharsets.US_ASCII);
    for (ShardRecord shard : shards) {
      hasher.putString(shard.blob().sha256(), StandardCharsets.US_ASCII);
    }
    return hasher.hash().toString();
  }

  private static String fingerprint(List<ShardRecord> shards) {
    DatasetFingerprint sum = new DatasetFingerprint();
    shards.forEach(shard -> sum.add(shard.fingerprint()));
    return sum.hex();
  }

  /** How many sequences. */
  @JsonIgnore
  public long sequences() {
    return shards.isEmpty() ? 0 : shards.get(shards.size() - 1).endSequence();
  }

  /** Bytes of all shards. */
  @JsonIgnore
  public long bytes() {
    return shards.stream().mapToLong(shard -> shard.blob().bytes()).sum();
  }

  /** Sums over all positions, added shard after shard. */
  @JsonIgnore
  public Totals totals() {
    return shards.stream().map(ShardRecord::totals).reduce(Totals.NONE, Totals::plus);
  }

  /** The shard that holds a sequence. */
  public ShardRecord shardOf(long sequence) {
    if (sequence < 0 || sequence >= sequences()) {
      throw DataException.of("sequence %d: the dataset has 0 to %d", sequence, sequences() - 1);
    }
    int low = 0;
    int high = shards.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (shards.get(middle).firstSequence() <= sequence) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return shards.get(low);
  }
}

package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of a dataset's blobs, which other programs rely on. */
class BlobKindTest {
  static final String HASH = "0123456789abcdef".repeat(4);

  /** A key of each kind, as it stands on disk. */
  static String key(BlobKind kind) {
    return switch (kind) {
      case MANIFEST -> "manifests/v00000000000000000012.json";
      case LIST -> "lists/" + HASH + ".parquet";
      case SHARD -> "shards/" + HASH + ".parquet";
      case TOKENS -> "tokens/" + HASH + ".parquet";
      case TOKENIZER -> "tokenizers/" + HASH;
      case TEACHER -> "teachers/" + HASH;
      case FORCED -> "forced/" + HASH;
      case REGIONS -> "regions/v00000000000000000012.json";
      case PIN -> "pins/run-7.json";
      case CLAIM -> "work/identity.json";
      case RECEIPT -> "work/" + HASH + "/slice-3.json";
      case PART -> "work/" + HASH + "/slice-3.128.part";
    };
  }

  @ParameterizedTest
  @EnumSource
  void aKeyIsOfOneKindAndIsWrittenFromTheNameInIt(BlobKind kind) {
    String key = key(kind);
    assertEquals(Optional.of(kind), BlobKind.of(key));
    assertEquals(key, kind.key(kind.name(key).orElseThrow()));
    for (BlobKind other : BlobKind.values()) {
      assertEquals(other == kind, other.name(key).isPresent(), other + " and " + key);
    }
    assertEquals(
        kind.namedByContent() ? Optional.of(HASH) : Optional.empty(), BlobKind.sha256(key));
  }

  @Test
  void versionsAreNumberedInTwentyDigits() {
    assertEquals(key(BlobKind.MANIFEST), BlobKind.MANIFEST.key(12));
    assertEquals(key(BlobKind.REGIONS), BlobKind.REGIONS.key(12));
    assertEquals(key(BlobKind.CLAIM), BlobKind.CLAIM_KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shards/",
        "shards/abc.parquet",
        "x/shards/" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.parquet",
        "shards/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "teachers/0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
        "manifests/v99999999999999999999.json",
        "manifests/v1.json",
        "pins/a/b.json",
        "work/probe-1",
        "readme.txt"
      })
  void whatIsWrittenByOthersHasNoKind(String key) {
    assertEquals(Optional.empty(), BlobKind.of(key));
    assertEquals(Optional.empty(), BlobKind.sha256(key));
  }
}

package dev.stillhouse.storage.manifest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kinds of a dataset's blobs, by their keys. It writes every key and parses it. Code that
 * removes, verifies or copies blobs switches over the kinds, so that a new kind cannot be forgotten
 * there.
 */
public enum BlobKind {
  /** A version of the dataset. */
  MANIFEST("manifests/", "v00[0-9]{18}", ".json"),
  /** Shards of a large manifest, one row each. */
  LIST("lists/", Names.HASH, ".parquet"),
  /** Sequences with their statistics. */
  SHARD("shards/", Names.HASH, ".parquet"),
  /** Packed sequences without statistics. */
  TOKENS("tokens/", Names.HASH, ".parquet"),
  /** A tokenizer.json. */
  TOKENIZER("tokenizers/", Names.HASH, ""),
  /** A teacher that was fitted to the corpus. */
  TEACHER("teachers/", Names.HASH, ""),
  /** Token ids that a statistic always keeps. */
  FORCED("forced/", Names.HASH, ""),
  /** A version of the list of regions. */
  REGIONS("regions/", "v00[0-9]{18}", ".json"),
  /** A pin of a version. */
  PIN("pins/", "[^/]+", ".json"),
  /** The identity that an unfinished dataset will have. */
  CLAIM("work/", Names.CLAIM, ".json"),
  /** The result of a finished shard task. */
  RECEIPT("work/", Names.HASH + "/[^/]+", ".json"),
  /** A teacher's answers for a part of a shard task. */
  PART("work/", Names.HASH + "/[^/]+", ".part");

  /** Key of the only {@link #CLAIM}. */
  public static final String CLAIM_KEY = CLAIM.key(Names.CLAIM);

  private final String folder;
  private final String suffix;
  private final Pattern pattern;

  BlobKind(String folder, String name, String suffix) {
    this.folder = folder;
    this.suffix = suffix;
    this.pattern =
        Pattern.compile(Pattern.quote(folder) + "(" + name + ")" + Pattern.quote(suffix));
  }

  /** Patterns of names. */
  private static final class Names {
    static final String HASH = "[0-9a-f]{64}";
    static final String CLAIM = "identity";
  }

  /** Returns the first part of the keys, with the slash behind it. */
  public String folder() {
    return folder;
  }

  /** Returns the key of the blob of this name. */
  public String key(String name) {
    return folder + name + suffix;
  }

  /** Returns the key of a numbered version: of {@link #MANIFEST} and {@link #REGIONS}. */
  public String key(long version) {
    return key(String.format(Locale.ROOT, "v%020d", version));
  }

  /** Returns the name in a key; empty if the key is not of this kind. */
  public Optional<String> name(String key) {
    if (!key.startsWith(folder)) {
      return Optional.empty();
    }
    Matcher matcher = pattern.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Returns whether the name is the sha256 of the bytes. */
  public boolean namedByContent() {
    return switch (this) {
      case LIST, SHARD, TOKENS, TOKENIZER, TEACHER, FORCED -> true;
      case MANIFEST, REGIONS, PIN, CLAIM, RECEIPT, PART -> false;
    };
  }

  /** Returns the kind of a key; empty for a key that this release does not write. */
  public static Optional<BlobKind> of(String key) {
    return Arrays.stream(values()).filter(kind -> kind.name(key).isPresent()).findFirst();
  }

  /** Returns the sha256 in the key of a blob that is named by its content; empty for all others. */
  public static Optional<String> sha256(String key) {
    return of(key).filter(BlobKind::namedByContent).flatMap(kind -> kind.name(key));
  }
}

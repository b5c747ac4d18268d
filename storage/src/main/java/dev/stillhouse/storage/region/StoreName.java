package dev.stillhouse.storage.region;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.util.regex.Pattern;

/**
 * Where a store is, as people write it: a path, {@code file:///path}, {@code s3://bucket/prefix} or
 * {@code memory:name}. {@link Object#toString} gives it back in its one canonical form, which is
 * what lists of regions keep.
 */
public sealed interface StoreName permits DirectoryName, S3Name, MemoryName {
  /** Reads a name; what is none is a wrong use, and is told without what comes behind a scheme. */
  static StoreName parse(String name) {
    String scheme = Schemes.of(name);
    return switch (scheme) {
      case "" -> DirectoryName.ofPath(name);
      case "file" -> DirectoryName.ofUri(name);
      case "s3" -> S3Name.parse(name);
      case "memory" -> MemoryName.parse(name);
      default ->
          throw UsageException.of(
              "'%s:...' names no store; known are paths, file:///path, s3://bucket/prefix and"
                  + " memory:name",
              scheme);
    };
  }

  /**
   * The same place by the name it really has: absolute, and through all symbolic links as far as it
   * exists.
   */
  StoreName real();

  /** Whether it means the same place wherever it is read. */
  boolean absolute();

  /** The last part of it, a name for people; empty if there is none. */
  String lastPart();

  /** Whether it lies in another place. Both are real; no place lies in itself. */
  boolean liesIn(StoreName other);

  /** Opens the store, as a region of this name; touches nothing yet. */
  RegionStore open(String region);

  /** Schemes, apart from what only looks like one. */
  final class Schemes {
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{1,30}):.*");

    private Schemes() {}

    /** The scheme of a URI; empty for a path (one letter is a drive's). */
    static String of(String name) {
      var matcher = SCHEME.matcher(name);
      return matcher.matches() ? matcher.group(1) : "";
    }

    /** The prefix inside a store as blobs' names may be, or the reason why it cannot be. */
    static String checkedPrefix(String name, String prefix) {
      try {
        return prefix.isEmpty() ? prefix : BlobKeys.check(prefix);
      } catch (DataException e) {
        throw UsageException.of("%s: %s", name, e.getMessage());
      }
    }
  }
}

package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.NamedServices;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The place of a store, as people write it: a path, {@code file:///path}, {@code
 * s3://bucket/prefix}, {@code memory:name}, or a name that another {@link StoreScheme} on the class
 * path reads. {@link Object#toString} returns its one canonical form, which replica lists hold.
 */
@PublicApi
public interface StoreName {
  /**
   * Reads a name.
   *
   * @throws UsageException if it names no store; the message shows nothing of what follows a scheme
   */
  static StoreName parse(String name) {
    return Schemes.named(Schemes.of(name)).parse(name);
  }

  /**
   * Returns the same place by its real name: absolute, and through all symbolic links as far as it
   * exists.
   */
  StoreName real();

  /** Returns whether it means the same place wherever it is read. */
  boolean absolute();

  /** Returns its last part, a name for people; empty if there is none. */
  String lastPart();

  /** Returns whether it lies inside another place. Both are real; no place lies inside itself. */
  boolean liesIn(StoreName other);

  /**
   * Opens the store. It touches nothing yet.
   *
   * @param region name of the region that it will be
   */
  BlobStore open(String region);

  /** Tells schemes from what only looks like one. */
  final class Schemes {
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{1,30}):.*");

    private static final NamedServices<StoreScheme> PRESENT =
        NamedServices.of(StoreScheme.class, "store scheme", StoreScheme::scheme);

    private Schemes() {}

    private static StoreScheme named(String scheme) {
      return PRESENT
          .find(scheme.isEmpty() ? StoreScheme.PATHS : scheme)
          .orElseThrow(
              () ->
                  UsageException.of(
                      "unknown store scheme '%s'; supported: a path, %s",
                      scheme,
                      PRESENT.all().stream()
                          .map(StoreScheme::form)
                          .sorted()
                          .collect(Collectors.joining(", "))));
    }

    /** Returns the scheme of a URI; empty for a path (one letter is a drive's). */
    public static String of(String name) {
      var matcher = SCHEME.matcher(name);
      return matcher.matches() ? matcher.group(1) : "";
    }

    /**
     * Returns the prefix inside a store, if blobs' names may begin with it.
     *
     * @throws UsageException if they may not, with the reason
     */
    public static String checkedPrefix(String name, String prefix) {
      try {
        return prefix.isEmpty() ? prefix : BlobKeys.check(prefix);
      } catch (DataException e) {
        throw UsageException.of("%s: %s", name, e.getMessage());
      }
    }
  }
}

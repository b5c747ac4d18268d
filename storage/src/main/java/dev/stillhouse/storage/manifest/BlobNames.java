package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.stillhouse.storage.Json;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds which blobs, by their sha256, a record of a dataset names: a manifest, an identity, a
 * receipt of any job. Too many names do no harm: one blob more stays.
 */
public final class BlobNames {
  private static final Pattern HASH = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");
  private static final Pattern RECORD = Pattern.compile("\"sha256\"\\s*:\\s*\"([0-9a-f]{64})\"");

  private BlobNames() {}

  /**
   * Returns the shards, token shards, lists of shards, and what a version {@linkplain NeededBlobs
   * needs} besides; also every other hash in its identity, which may name a blob of a later
   * release.
   */
  public static Set<String> of(Manifest manifest) {
    Set<String> names = of(manifest.identity());
    NeededBlobs.keys(manifest).forEach(key -> BlobKind.sha256(key).ifPresent(names::add));
    for (ShardList list : manifest.lists().lists()) {
      for (int row = 0; row < list.shards(); row++) {
        names.add(list.hash(ShardColumn.SHA256, row));
        names.add(list.hash(ShardColumn.TOKEN_SHA256, row));
      }
    }
    manifest.listBlobs().forEach(list -> names.add(list.sha256()));
    return names;
  }

  private static Set<String> of(Identity identity) {
    return hashes(Json.line(identity));
  }

  /** Returns every hash in the claim of an output, {@code work/identity.json}. */
  public static Set<String> ofClaim(byte[] json) {
    return hashes(new String(json, ISO_8859_1));
  }

  /** Returns the blobs that a receipt names, of whatever job. */
  public static Set<String> ofReceipt(byte[] json) {
    Set<String> names = new HashSet<>();
    Matcher matcher = RECORD.matcher(new String(json, ISO_8859_1));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Set<String> hashes(String text) {
    Set<String> names = new HashSet<>();
    Matcher matcher = HASH.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }
}

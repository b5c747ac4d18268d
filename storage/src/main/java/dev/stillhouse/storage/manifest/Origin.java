package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;

/**
 * A dataset that another was migrated from.
 *
 * @param digest of the version that was migrated
 * @param layout of it
 * @param version its number there
 * @param errorBound max error of a log-prob that the new layout's bound allows, in nats; 0 if that
 *     layout is exact
 * @param largestError largest error of a log-prob that occurred, in nats
 */
public record Origin(
    String digest, String layout, long version, double errorBound, double largestError) {
  public Origin {
    Hashes.check("digest", digest);
    boolean possible =
        version >= 1 && 0 <= largestError && largestError <= errorBound && errorBound < 1 / 0.0;
    if (!possible) {
      throw DataException.of(
          "origin %s: version %d, errorBound %s, largestError %s: out of range",
          digest, version, errorBound, largestError);
    }
  }
}

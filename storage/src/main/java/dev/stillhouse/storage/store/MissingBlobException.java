package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;

/** Reports that a region has no blob of this key. */
public final class MissingBlobException extends DataException {
  private static final long serialVersionUID = 1;

  public MissingBlobException(String region, String key) {
    super("missing: blob " + key + " is not in region " + region);
  }
}

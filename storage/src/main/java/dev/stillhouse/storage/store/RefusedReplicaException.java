package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;

/**
 * Reports that a reader cannot use a whole blob that came. The region works; this copy is wrong.
 */
public final class RefusedReplicaException extends DataException {
  private static final long serialVersionUID = 1;

  public RefusedReplicaException(DataException reason) {
    super(reason.getMessage(), reason);
  }
}

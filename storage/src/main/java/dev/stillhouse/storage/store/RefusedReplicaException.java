package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;

/** A whole copy came and is not what its reader can take. The region is well; this copy is not. */
public final class RefusedReplicaException extends DataException {
  private static final long serialVersionUID = 1;

  public RefusedReplicaException(DataException reason) {
    super(reason.getMessage(), reason);
  }
}

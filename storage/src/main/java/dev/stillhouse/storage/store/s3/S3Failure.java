package dev.stillhouse.storage.store.s3;

import java.util.concurrent.ExecutionException;

/** A request that came to nothing, after all its attempts. */
final class S3Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final Throwable reason;

  S3Failure(ExecutionException failure) {
    this.reason = failure.getCause() == null ? failure : failure.getCause();
  }

  /** The last attempt's failure; it may carry what no message may tell, see {@link S3Errors}. */
  Throwable reason() {
    return reason;
  }

  int status() {
    return S3Errors.status(reason);
  }
}

package dev.stillhouse.storage.store.s3;

import java.util.concurrent.ExecutionException;

/** Reports that a request failed, after all its attempts. */
final class S3Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final Throwable reason;

  S3Failure(ExecutionException failure) {
    this.reason = failure.getCause() == null ? failure : failure.getCause();
  }

  /**
   * Returns the last attempt's failure. It may hold what no message may show, see {@link S3Errors}.
   */
  Throwable reason() {
    return reason;
  }

  int status() {
    return S3Errors.status(reason);
  }
}

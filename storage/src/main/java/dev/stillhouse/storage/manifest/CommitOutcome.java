package dev.stillhouse.storage.manifest;

/** What became of appending a version. */
public enum CommitOutcome {
  /** The version is there, with these very bytes. */
  COMMITTED,
  /** Another version has this number. */
  CONFLICT,
  /** The store failed, and does not say what is there now or will be; append again to settle. */
  UNKNOWN
}

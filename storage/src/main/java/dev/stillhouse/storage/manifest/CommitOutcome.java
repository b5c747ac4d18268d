package dev.stillhouse.storage.manifest;

/** The outcome of appending a version. */
public enum CommitOutcome {
  /** The version is there, with these very bytes. */
  COMMITTED,
  /** Another version has this number. */
  CONFLICT,
  /**
   * The store failed, and what it holds now or will hold is unknown. Appending again settles it.
   */
  UNKNOWN
}

package dev.stillhouse.storage;

/**
 * Reports that bytes of one replica of a blob are not what they must be (law 6). Another replica
 * may be right.
 */
public final class DamagedBlobException extends DataException {
  private static final long serialVersionUID = 1;

  /** Longer reasons are cut: some repeat what a hostile writer wrote. */
  private static final int MAX_CHARACTERS = 1_000;

  private final String blob;
  private final long offset;
  private final String reason;

  /**
   * Creates an error.
   *
   * @param blob key of the blob, or the name under which it was opened
   * @param offset where in the blob, in bytes from its start
   * @param reason what was found and what was expected there
   */
  public DamagedBlobException(String blob, long offset, String reason) {
    super("damaged: blob " + blob + ", offset " + offset + ": " + cut(reason));
    this.blob = blob;
    this.offset = offset;
    this.reason = cut(reason);
  }

  private static String cut(String reason) {
    return reason.length() <= MAX_CHARACTERS
        ? reason
        : reason.substring(0, MAX_CHARACTERS) + "... (" + reason.length() + " characters)";
  }

  /** Creates an error with the library's error as its cause. */
  public DamagedBlobException(String blob, long offset, String reason, Throwable cause) {
    this(blob, offset, reason);
    initCause(cause);
  }

  public String blob() {
    return blob;
  }

  public long offset() {
    return offset;
  }

  public String reason() {
    return reason;
  }
}

package dev.stillhouse.storage;

/** Bytes of one copy of a blob are not what they must be (law 6). Another replica may be right. */
public final class DamagedBlobException extends DataException {
  private static final long serialVersionUID = 1;

  private final String blob;
  private final long offset;
  private final String reason;

  /**
   * @param blob key of the blob, or the name under which it was opened
   * @param offset where in the blob, in bytes from its start
   * @param reason what was found and what was expected there
   */
  public DamagedBlobException(String blob, long offset, String reason) {
    super("damaged: blob " + blob + ", offset " + offset + ": " + reason);
    this.blob = blob;
    this.offset = offset;
    this.reason = reason;
  }

  /** The same, with what the library below said. */
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

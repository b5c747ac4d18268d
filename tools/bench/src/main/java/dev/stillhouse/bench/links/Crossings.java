package dev.stillhouse.bench.links;

/** What was sent over a link and what crossed it. Used by the clock's thread alone. */
public final class Crossings {
  private long requests;
  private long charged;
  private long answered;
  private long failed;
  private long cancelled;
  private long bytes;

  void bookSent(boolean arrives) {
    requests++;
    charged += arrives ? 1 : 0;
  }

  void bookAnswered(long length) {
    answered++;
    bytes += length;
  }

  void bookFailed(long crossed) {
    failed++;
    bytes += crossed;
  }

  void bookCancelled(long crossed) {
    cancelled++;
    bytes += crossed;
  }

  /** Returns the requests that were sent. */
  public long requests() {
    return requests;
  }

  /** Returns the requests that a store charges: those that reached it. */
  public long charged() {
    return charged;
  }

  /** Returns the requests whose whole answer came. */
  public long answered() {
    return answered;
  }

  /** Returns the requests that failed. */
  public long failed() {
    return failed;
  }

  /** Returns the requests that the reader ended. */
  public long cancelled() {
    return cancelled;
  }

  /** Returns the requests that have not ended. */
  public long open() {
    return requests - answered - failed - cancelled;
  }

  /** Returns the bytes of requests that have ended. */
  public long bytes() {
    return bytes;
  }
}

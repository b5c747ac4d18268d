package dev.stillhouse.storage.store;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What this process waits for, so that a monitor can report it. Safe for many threads. */
public final class Waits {
  /** The waits of this process. */
  public static final Waits OF_PROCESS = new Waits(Ticker.systemTicker());

  private final Ticker ticker;
  private final Set<Wait> now = ConcurrentHashMap.newKeySet();

  public Waits(Ticker ticker) {
    this.ticker = ticker;
  }

  /** A wait, until it is closed. */
  public final class Wait implements AutoCloseable {
    private final String what;
    private final long since = ticker.read();
    private volatile String cause = "";

    private Wait(String what) {
      this.what = what;
    }

    private Duration length() {
      return Duration.ofNanos(ticker.read() - since);
    }

    private String message() {
      return what + ", for " + length().toSeconds() + " s" + cause;
    }

    /** Adds why it lasts: what the last attempt met. */
    public void because(String reason) {
      cause = " (" + reason + ")";
    }

    @Override
    public void close() {
      now.remove(this);
    }
  }

  /**
   * Begins a wait.
   *
   * @param what in words
   */
  public Wait on(String what) {
    Wait wait = new Wait(what);
    now.add(wait);
    return wait;
  }

  /** Returns the waits that have lasted this long, in words, the longest first. */
  public List<String> lasting(Duration length) {
    return now.stream()
        .filter(wait -> wait.length().compareTo(length) >= 0)
        .sorted(Comparator.comparing(Wait::length).reversed())
        .map(Wait::message)
        .toList();
  }
}

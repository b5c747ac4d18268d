package dev.stillhouse.storage.replica;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.topology.Pricing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Adds up what reading and writing cost, by region (law 8), and which damaged copies were met. All
 * stores and readers of one piece of work share one ledger. Safe for many threads.
 */
public final class Ledger {
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();
  private final Map<String, DamagedCopy> damaged = new LinkedHashMap<>();
  private volatile Pricing pricing = Pricing.UNKNOWN;

  /**
   * The cost of one region.
   *
   * @param requests GET requests, one for each range
   * @param bytes that were read
   * @param seconds that readers waited, added over threads
   * @param linkSeconds that reads should take by the topology's links, added
   * @param dollars of all these requests and bytes, where prices are known; lists have no price
   * @param retries requests of any kind that were sent again
   * @param heads HEAD requests, which ask for a blob's length
   * @param lists pages of lists
   * @param writeRequests blobs that were put
   * @param writtenBytes bytes of these blobs
   */
  public record Entry(
      String region,
      long requests,
      long bytes,
      double seconds,
      double linkSeconds,
      double dollars,
      long retries,
      long heads,
      long lists,
      long writeRequests,
      long writtenBytes) {
    /** Returns {@link #heads} under the key that earlier versions wrote. */
    @JsonProperty("looks")
    public long headsByOldKey() {
      return heads;
    }

    /** Returns an entry of a region that cost nothing. */
    public static Entry none(String region) {
      return new Entry(region, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Returns the entry of a read. Negative seconds (the clock was set back) count as 0. */
    public static Entry read(
        String region,
        long requests,
        long bytes,
        double seconds,
        double linkSeconds,
        double dollars) {
      double waited = Math.max(0, seconds);
      return new Entry(region, requests, bytes, waited, linkSeconds, dollars, 0, 0, 0, 0, 0);
    }

    static Entry head(String region, double seconds, double dollars) {
      return new Entry(region, 0, 0, Math.max(0, seconds), 0, dollars, 0, 1, 0, 0, 0);
    }

    public static Entry list(String region, double seconds) {
      return new Entry(region, 0, 0, Math.max(0, seconds), 0, 0, 0, 0, 1, 0, 0);
    }

    /** Returns the sum with another region's entry, under this one's name. */
    public Entry plus(Entry other) {
      return sum(other, 1);
    }

    /** Returns what was booked since {@code before}, under this one's name. */
    public Entry minus(Entry before) {
      return sum(before, -1);
    }

    private Entry sum(Entry other, int sign) {
      return new Entry(
          region,
          requests + sign * other.requests,
          bytes + sign * other.bytes,
          seconds + sign * other.seconds,
          linkSeconds + sign * other.linkSeconds,
          dollars + sign * other.dollars,
          retries + sign * other.retries,
          heads + sign * other.heads,
          lists + sign * other.lists,
          writeRequests + sign * other.writeRequests,
          writtenBytes + sign * other.writtenBytes);
    }
  }

  /**
   * Sets the prices of this work's location. They apply to all bookings without a price, before or
   * from now on. Bookings of a reader that knows its own links keep their price.
   */
  public void pricedFrom(Pricing there) {
    pricing = there;
    entries.replaceAll((region, entry) -> priced(entry));
  }

  /** Books the cost of one region. */
  void book(Entry entry) {
    entries.merge(entry.region, priced(entry), Entry::plus);
  }

  /** Books what a store sent beyond the requests that it was asked for. */
  void bookExtraRequests(String region, BlobStore.ExtraRequests further) {
    if (!further.equals(BlobStore.ExtraRequests.NONE)) {
      book(new Entry(region, 0, 0, 0, 0, 0, further.retries(), 0, further.pages(), 0, 0));
    }
  }

  /** Books a blob that was written. */
  void bookWrite(String region, long bytes) {
    book(new Entry(region, 0, 0, 0, 0, 0, 0, 0, 0, 1, bytes));
  }

  private Entry priced(Entry entry) {
    double dollars =
        entry.dollars > 0
            ? 0
            : pricing.dollars(
                entry.region, entry.requests + entry.heads, entry.bytes, entry.writeRequests);
    return entry.plus(new Entry(entry.region, 0, 0, 0, 0, dollars, 0, 0, 0, 0, 0));
  }

  /** Adds a damaged copy, once. */
  void met(DamagedCopy copy) {
    synchronized (damaged) {
      damaged.putIfAbsent(copy.region() + "/" + copy.blob(), copy);
    }
  }

  /** Returns all that was booked, by name of the region. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Returns the sum over all regions, under an empty name. */
  public Entry sum() {
    return entries().stream().reduce(Entry.none(""), Entry::plus);
  }

  /** Returns the damaged copies that readers met, each once, in the order of discovery. */
  public List<DamagedCopy> damagedCopies() {
    synchronized (damaged) {
      return List.copyOf(damaged.values());
    }
  }

  /**
   * Returns one line for people, as in "read 1.0 MB in 4 requests from home; wrote ... to copy".
   */
  @Override
  public String toString() {
    String read = message("read", "from", Entry::bytes, Entry::requests);
    String wrote = message("wrote", "to", Entry::writtenBytes, Entry::writeRequests);
    return read.isEmpty() && wrote.isEmpty()
        ? "read nothing"
        : read + (read.isEmpty() || wrote.isEmpty() ? "" : "; ") + wrote;
  }

  private String message(
      String verb, String link, ToLongFunction<Entry> bytes, ToLongFunction<Entry> requests) {
    String told =
        entries().stream()
            .filter(e -> requests.applyAsLong(e) > 0)
            .map(
                e ->
                    String.format(
                        Locale.ROOT,
                        "%,.1f MB in %,d requests %s %s%s",
                        bytes.applyAsLong(e) / 1e6,
                        requests.applyAsLong(e),
                        link,
                        e.region(),
                        (verb.equals("read") || e.requests() == 0) && e.dollars() > 0
                            ? String.format(Locale.ROOT, " ($%.6f)", e.dollars())
                            : ""))
            .collect(Collectors.joining("; "));
    return told.isEmpty() ? "" : verb + " " + told;
  }
}

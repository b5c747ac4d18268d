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
 * What reading and writing cost, by region (law 8), and which damaged copies were met on the way.
 * All stores and readers of one piece of work share one; safe for many threads.
 */
public final class Ledger {
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();
  private final Map<String, DamagedCopy> damaged = new LinkedHashMap<>();
  private volatile Pricing pricing = Pricing.UNKNOWN;

  /**
   * What one region has cost.
   *
   * @param requests ranges that were asked for
   * @param bytes that came
   * @param seconds that readers waited, added over threads
   * @param linkSeconds that reads should take by what the topology says of their links, added
   * @param dollars of all these requests and bytes, where prices are known; lists have none there
   * @param retries requests of any kind that were sent again
   * @param heads HEAD requests, which ask for a blob's length
   * @param lists pages of names
   * @param writeRequests blobs that were put
   * @param writtenBytes of these
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

    /** Nothing. */
    public static Entry none(String region) {
      return new Entry(region, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** A read; seconds that a clock tells which was set back are none. */
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

    /** This and what another region cost too, under this one's name. */
    public Entry plus(Entry other) {
      return sum(other, 1);
    }

    /** What was booked since {@code before}, under this one's name. */
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
   * Says where this work is done. What is booked without a price, before or from now on, is priced
   * from there; of a reader that knows its own links the price stays.
   */
  public void pricedFrom(Pricing there) {
    pricing = there;
    entries.replaceAll((region, entry) -> priced(entry));
  }

  /** Books what one region cost. */
  void book(Entry entry) {
    entries.merge(entry.region, priced(entry), Entry::plus);
  }

  /** Books what a store sent beyond what it was asked for. */
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

  /** Notes a damaged copy, once. */
  void met(DamagedCopy copy) {
    synchronized (damaged) {
      damaged.putIfAbsent(copy.region() + "/" + copy.blob(), copy);
    }
  }

  /** All that was booked, by name of the region. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** All regions together, under no name. */
  public Entry sum() {
    return entries().stream().reduce(Entry.none(""), Entry::plus);
  }

  /** The damaged copies that readers met, each once, in the order of meeting. */
  public List<DamagedCopy> damagedCopies() {
    synchronized (damaged) {
      return List.copyOf(damaged.values());
    }
  }

  /** One line for people, as in "read 1.0 MB in 4 requests from home; wrote ... to copy". */
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

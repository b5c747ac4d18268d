package dev.stillhouse.storage.region;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  private volatile Optional<Standpoint.Place> place = Optional.empty();

  /**
   * What one region has cost.
   *
   * @param requests ranges that were asked for
   * @param bytes that came
   * @param seconds that readers waited, added over threads
   * @param linkSeconds that reads should take by what the topology says of their links, added
   * @param dollars of all these requests and bytes, where prices are known
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
      long writeRequests,
      long writtenBytes) {
    private Entry plus(Entry other) {
      return new Entry(
          region,
          requests + other.requests,
          bytes + other.bytes,
          seconds + other.seconds,
          linkSeconds + other.linkSeconds,
          dollars + other.dollars,
          writeRequests + other.writeRequests,
          writtenBytes + other.writtenBytes);
    }
  }

  /**
   * Says where this work is done. What is booked without a price, before or from now on, is priced
   * from there; of a reader that knows its own links the price stays.
   */
  public void pricedFrom(Standpoint.Place there) {
    place = Optional.of(there);
    entries.replaceAll((region, entry) -> priced(entry));
  }

  /** Books a read, whose writes are 0. */
  void book(Entry read) {
    entries.merge(read.region, priced(read), Entry::plus);
  }

  /** Books a blob that was written. */
  void bookWrite(String region, long bytes) {
    entries.merge(region, priced(new Entry(region, 0, 0, 0, 0, 0, 1, bytes)), Entry::plus);
  }

  private Entry priced(Entry entry) {
    double dollars = entry.dollars > 0 ? 0 : place.map(there -> there.dollars(entry)).orElse(0.0);
    return entry.plus(new Entry(entry.region, 0, 0, 0, 0, dollars, 0, 0));
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

  /** The damaged copies that readers met, each once, in the order of meeting. */
  public List<DamagedCopy> damagedCopies() {
    synchronized (damaged) {
      return List.copyOf(damaged.values());
    }
  }

  /** One line for people, as in "read 1.0 MB in 4 requests from home; wrote ... to copy". */
  @Override
  public String toString() {
    String read = told("read", "from", Entry::bytes, Entry::requests);
    String wrote = told("wrote", "to", Entry::writtenBytes, Entry::writeRequests);
    return read.isEmpty() && wrote.isEmpty()
        ? "read nothing"
        : read + (read.isEmpty() || wrote.isEmpty() ? "" : "; ") + wrote;
  }

  private String told(
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

package dev.stillhouse.serve;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.replica.ReadContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The datasets that a server was started with, by name: clients open no other. A version that was
 * opened stays open until the server ends, shared by all that read it.
 */
final class ServedDatasets implements AutoCloseable {
  private final ImmutableMap<String, String> places;
  private final ReadContext context;
  private final Map<String, Dataset> open = new HashMap<>();

  /**
   * Serves datasets by name.
   *
   * @param places where each name lies, a path or {@code s3://bucket/prefix}
   */
  ServedDatasets(ImmutableMap<String, String> places, ReadContext context) {
    this.places = places;
    this.context = context;
  }

  ImmutableSet<String> names() {
    return places.keySet();
  }

  /** Returns the newest version. */
  Dataset newest(String name) {
    return keep(name, Dataset.open(place(name), options()));
  }

  /** Returns a version by its number. */
  synchronized Dataset version(String name, long number) {
    Dataset known = open.get(key(name, number));
    return known != null ? known : keep(name, Dataset.open(place(name), options().version(number)));
  }

  /**
   * Returns the newest version that a cursor was taken from: what was appended since is not for its
   * epoch. One that is open already is taken without a look at the store, which may be far.
   */
  Dataset of(String name, Optional<Cursor> cursor) {
    return cursor
        .map(
            at ->
                opened(name, at)
                    .orElseGet(() -> keep(name, Dataset.open(place(name), at.version(options())))))
        .orElseGet(() -> newest(name));
  }

  private synchronized Optional<Dataset> opened(String name, Cursor cursor) {
    place(name); // Which refuses a name that is not served.
    return open.entrySet().stream()
        .filter(of -> of.getKey().equals(key(name, of.getValue().manifest().version())))
        .map(Map.Entry::getValue)
        .filter(dataset -> dataset.manifest().fingerprint().startsWith(cursor.data()))
        .max(Comparator.comparingLong(dataset -> dataset.manifest().version()));
  }

  private ReadOptions options() {
    return ReadOptions.DEFAULT.from(context);
  }

  private String place(String name) {
    String place = places.get(name);
    if (place == null) {
      throw UsageException.of("no dataset '%s' is served here; there are %s", name, names());
    }
    return place;
  }

  private synchronized Dataset keep(String name, Dataset opened) {
    Dataset known = open.putIfAbsent(key(name, opened.manifest().version()), opened);
    if (known != null) {
      opened.close();
      return known;
    }
    return opened;
  }

  private static String key(String name, long version) {
    return name + " " + version;
  }

  @Override
  public synchronized void close() {
    open.values().forEach(Dataset::close);
    open.clear();
  }
}

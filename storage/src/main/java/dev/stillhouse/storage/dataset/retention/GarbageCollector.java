package dev.stillhouse.storage.dataset.retention;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import dev.stillhouse.storage.Checksum;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.References;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.BlobNames;
import dev.stillhouse.storage.manifest.Listings;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.Leftover;
import dev.stillhouse.storage.store.ListedBlob;
import dev.stillhouse.storage.store.SideBySide;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Finds and removes what no version needs, in all regions of a dataset. Blobs younger than the
 * grace time stay: they may be shards whose manifest comes next. Blobs of unknown kind stay and are
 * reported.
 *
 * <p>Receipts go first, then manifests, then blobs, each in every region before the next. So a
 * reader never sees a version whose blobs are gone (law 5), and an interrupted run is completed by
 * the next one. A region that fails is skipped from there on; the others are done.
 *
 * <p>One gap is left. An extraction may find a blob of its own in place that is old and
 * unreferenced, because an earlier process was killed before it wrote the receipt. If that blob is
 * removed now, the extraction fails when it commits, and does that shard task again.
 */
public final class GarbageCollector {
  private static final int MAX_CLAIM_BYTES = 1 << 20;

  private final ImmutableList<BlobStore> regions;
  private final Ledger ledger;
  private final Retention retention;
  private final InstantSource clock;

  /**
   * Creates a collector of a dataset's garbage.
   *
   * @param regions all of the dataset's, home first
   * @param ledger books what reading manifests and receipts costs
   */
  public GarbageCollector(
      List<BlobStore> regions, Ledger ledger, Retention retention, InstantSource clock) {
    this.regions = ImmutableList.copyOf(regions);
    this.ledger = ledger;
    this.retention = retention;
    this.clock = clock;
  }

  /** Finds what may be removed; changes nothing. */
  public Garbage find() {
    Instant now = clock.instant();
    Listings listings = Listings.of(regions);
    SortedMap<Long, Instant> versions = versions(listings, now);
    Pins.All pins = new Pins(regions.get(0), ledger).all();
    ImmutableSortedSet<Long> superseded =
        pins.unreadable().isEmpty()
            ? retention.superseded(versions, pins.pins().values(), now)
            : ImmutableSortedSet.of();
    ReplicaReader reader = new ReplicaReader(listings.among(regions), ledger);
    References references = references(reader, versions.keySet(), superseded);
    Set<String> lies = settle(references, reader, listings, now);
    Set<String> going = new HashSet<>(lies);
    superseded.forEach(version -> going.add(ManifestLog.key(version)));
    pins.pins().forEach((key, pin) -> addPast(going, key, pin.end(), now));

    List<Garbage.Item> items = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    long unfinished = 0;
    for (Map.Entry<String, List<ListedBlob>> region : listings.reached().entrySet()) {
      for (ListedBlob blob : region.getValue()) {
        Optional<BlobKind> kind = BlobKind.of(blob.key());
        if (going.contains(blob.key())
            || kind.map(known -> goes(known, blob, references, now)).orElse(false)) {
          items.add(new Garbage.Item(region.getKey(), blob.key(), blob.bytes()));
        } else if (kind.isEmpty()) {
          unknown.add(region.getKey() + ": " + blob.key());
        } else if (BlobKind.sha256(blob.key()).filter(references::unfinished).isPresent()) {
          unfinished++;
        }
      }
    }
    for (BlobStore region : listings.among(regions)) {
      leftovers(region, now).forEach(found -> items.add(item(region, found)));
    }
    return new Garbage(
        superseded, items, unfinished, unknown, doubts(pins), listings.unreachable());
  }

  private void addPast(Set<String> going, String key, Instant end, Instant now) {
    if (retention.past(end, now)) {
      going.add(key);
    }
  }

  /**
   * Returns the versions there are, with the time of each. Home is asked once more, last, so that a
   * version counts that was committed meanwhile.
   */
  private SortedMap<Long, Instant> versions(Listings listings, Instant now) {
    Map<String, Instant> written = listings.first(key -> ManifestLog.number(key).isPresent());
    ReplicaReader home = new ReplicaReader(regions.subList(0, 1), ledger);
    new ManifestLog(regions.get(0), home).keys().forEach(key -> written.putIfAbsent(key, now));
    if (written.isEmpty()) {
      throw DataException.of(
          "region %s: no version is here, so it is not known what is needed; nothing was removed",
          regions.get(0).region());
    }
    SortedMap<Long, Instant> versions = new TreeMap<>();
    written.forEach((key, time) -> versions.put(number(key), time));
    return versions;
  }

  private static long number(String key) {
    return ManifestLog.number(key)
        .orElseThrow(() -> DataException.of("%s: no version has this number", key));
  }

  /**
   * Returns what the versions need.
   *
   * @throws DataException if a manifest cannot be read, since what it names is unknown
   */
  private References references(ReplicaReader reader, Set<Long> versions, Set<Long> superseded) {
    References references = new References();
    ManifestLog log = new ManifestLog(regions.get(0), reader);
    for (long version : versions) {
      references.version(log.read(ManifestLog.key(version)), !superseded.contains(version));
    }
    reader
        .readWhole(
            BlobKind.CLAIM_KEY, MAX_CLAIM_BYTES, json -> Checksum.checked(BlobKind.CLAIM_KEY, json))
        .map(BlobNames::ofClaim)
        .ifPresent(references::also);
    return references;
  }

  /**
   * Adds the receipts, if they matter; returns the keys of those that would name missing shards.
   */
  private Set<String> settle(
      References references, ReplicaReader reader, Listings listings, Instant now) {
    boolean matters =
        listings.reached().values().stream()
            .flatMap(List::stream)
            .anyMatch(blob -> unneeded(references, blob, now));
    if (!matters) {
      return Set.of();
    }
    Map<String, Instant> written = listings.last(key -> BlobKind.RECEIPT.name(key).isPresent());
    Map<String, Set<String>> names = new HashMap<>();
    SideBySide.map(written.keySet(), key -> Map.entry(key, receipt(reader, key)))
        .forEach(receipt -> names.put(receipt.getKey(), receipt.getValue()));
    names.forEach(
        (key, named) ->
            references.receipt(named, retention.past(written.getOrDefault(key, now), now)));
    return Set.copyOf(Maps.filterValues(names, references::lies).keySet());
  }

  /** Returns the shards that a receipt names; none if the receipt was removed meanwhile. */
  private static Set<String> receipt(ReplicaReader reader, String key) {
    return reader.readWhole(key, Receipts.MAX_BYTES).map(BlobNames::ofReceipt).orElse(Set.of());
  }

  /** Returns whether a blob may be removed by its kind, age and references. */
  private boolean goes(BlobKind kind, ListedBlob blob, References references, Instant now) {
    return switch (kind) {
      case LIST, SHARD, TOKENS, TOKENIZER, TEACHER, FORCED -> unneeded(references, blob, now);
      case PART -> retention.past(blob.written(), now); // A job that goes on asks again.
      case MANIFEST, PIN, RECEIPT -> false; // Superseded, expired and untrue ones are named.
      case REGIONS, CLAIM -> false;
    };
  }

  private boolean unneeded(References references, ListedBlob blob, Instant now) {
    return BlobKind.sha256(blob.key()).filter(sha256 -> !references.need(sha256)).isPresent()
        && retention.past(blob.written(), now);
  }

  /** Returns what dead processes left among a region's scratch files. */
  private List<Leftover> leftovers(BlobStore region, Instant now) {
    return region.leftovers().stream()
        .filter(found -> retention.past(found.written(), now))
        .toList();
  }

  private static Garbage.Item item(BlobStore region, Leftover found) {
    return new Garbage.Item(region.region(), found.key(), found.bytes());
  }

  private static List<String> doubts(Pins.All pins) {
    return pins.unreadable().values().stream()
        .map(why -> why + "; all versions stay until it is repaired or removed")
        .toList();
  }

  /** Removes what was found. */
  public Garbage.Removed delete(Garbage garbage) {
    Map<String, BlobStore> stores = Maps.uniqueIndex(regions, BlobStore::region);
    Map<String, String> failed = new ConcurrentHashMap<>();
    LongAdder copies = new LongAdder();
    LongAdder bytes = new LongAdder();
    for (Garbage.Step step : Garbage.Step.values()) {
      List<Garbage.Item> items =
          garbage.items().stream().filter(item -> item.step() == step).toList();
      SideBySide.map(
          items,
          item -> {
            BlobStore store = stores.get(item.region());
            if (store != null && !failed.containsKey(item.region())) {
              try {
                remove(store, item.key());
                copies.increment();
                bytes.add(item.bytes());
              } catch (DataException e) {
                failed.putIfAbsent(item.region(), e.getMessage());
              }
            }
            return item;
          });
    }
    return new Garbage.Removed(copies.sum(), bytes.sum(), new TreeMap<>(failed));
  }

  private static void remove(BlobStore store, String key) {
    if (!Leftover.isKey(key)) {
      store.delete(key);
      return;
    }
    store.leftovers().stream().filter(l -> l.key().equals(key)).forEach(Leftover::remove);
  }
}

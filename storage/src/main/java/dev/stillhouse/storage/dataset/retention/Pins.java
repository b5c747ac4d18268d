package dev.stillhouse.storage.dataset.retention;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The pins of a dataset's versions, {@code pins/NAME.json} in its home. A pin never changes; to
 * hold a version longer, put another pin under another name. A pin protects from every run of the
 * {@link GarbageCollector} that begins after it was put.
 */
public final class Pins {
  private static final int MAX_BYTES = 1 << 16;
  private static final int MAX_WORDS = 40;
  private static final int HASH_DIGITS = 8;

  private final BlobStore home;
  private final ReplicaReader reader;

  /** Creates the pins of the dataset in {@code home}. */
  public Pins(BlobStore home, Ledger ledger) {
    this.home = home;
    this.reader = new ReplicaReader(ImmutableList.of(home), ledger);
  }

  /**
   * All pins of a dataset.
   *
   * @param pins by key
   * @param unreadable keys of files that are no pins, each with the reason; which versions they
   *     hold is unknown
   */
  public record All(Map<String, Pin> pins, Map<String, String> unreadable) {}

  /**
   * Puts a pin; nothing changes if the same pin is there.
   *
   * @param name 1 to 64 letters, digits, '.', '-' and '_'
   * @throws DataException if another pin has this name
   */
  public void put(String name, Pin pin) {
    if (!ReplicaRecord.safe(name)) {
      throw DataException.of(
          "a lease's name must not be '%s': need 1 to 64 letters, digits, '.', '-' and '_', no"
              + " '.' or '-' first",
          name);
    }
    String key = BlobKind.PIN.key(name);
    byte[] json = Json.record(pin);
    home.provePutIfAbsent(); // Where a put overwrites, another's lease would be lost without a
    // word.
    if (!home.putIfAbsent(key, json) && !read(name).equals(Optional.of(pin))) {
      throw DataException.of(
          "%s in region %s is there and says something else; leases are not changed, take another"
              + " name",
          key, home.region());
    }
  }

  /** Puts a pin under a name made of its content; returns the name. */
  public String put(Pin pin) {
    String words =
        pin.reason().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String hash = Hashes.sha256(Json.pretty(pin)).substring(0, HASH_DIGITS);
    String slug = words.substring(0, Math.min(MAX_WORDS, words.length()));
    String name = slug.isEmpty() ? hash : slug + "-" + hash;
    put(name, pin);
    return name;
  }

  /**
   * Removes a pin and returns it.
   *
   * @throws DataException if there is none, or it cannot be read
   */
  public Pin remove(String name) {
    String key = BlobKind.PIN.key(name);
    Pin pin =
        (ReplicaRecord.safe(name) ? read(name) : Optional.<Pin>empty())
            .orElseThrow(
                () ->
                    DataException.of(
                        "there is no pin '%s'; there are: %s",
                        name, home.list(BlobKind.PIN.folder()).stream().map(Pins::name).toList()));
    home.delete(key);
    return pin;
  }

  /** Returns the name in the key of a pin. */
  public static String name(String key) {
    return BlobKind.PIN.name(key).orElse(key.substring(BlobKind.PIN.folder().length()));
  }

  /** Returns the pin of this name, or nothing if there is none. */
  public Optional<Pin> read(String name) {
    return pin(BlobKind.PIN.key(name));
  }

  private Optional<Pin> pin(String key) {
    return reader.readWhole(key, MAX_BYTES, json -> Pin.parse(key, json));
  }

  /** Returns all pins, expired ones too. */
  public All all() {
    Map<String, Pin> pins = new TreeMap<>();
    Map<String, String> unreadable = new TreeMap<>();
    for (String key : home.list(BlobKind.PIN.folder())) {
      try {
        pin(key).ifPresent(pin -> pins.put(key, pin)); // Else it was removed meanwhile.
      } catch (DataException e) {
        unreadable.put(key, e.getMessage());
      }
    }
    return new All(pins, unreadable);
  }
}

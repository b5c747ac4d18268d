package dev.stillhouse.storage.dataset.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.Checksum;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.manifest.JsonDifference;
import java.util.ArrayList;
import java.util.List;

/** Decides which of several readable copies of one record is right. */
final class RecordCopies {
  private final String key;
  private final List<Copy> copies = new ArrayList<>();

  /** Creates an empty set of copies of the record of this key. */
  RecordCopies(String key) {
    this.key = key;
  }

  /** One distinct content among the copies. */
  private static final class Copy {
    final String region;
    final byte[] json;

    /** Whether the record holds its checksum. */
    final boolean proved;

    Copy(String region, byte[] json) {
      this.region = region;
      this.json = json;
      this.proved = Checksum.in(json);
    }
  }

  /** Adds a copy that matches its checksum, if it has one. */
  void add(String region, byte[] json) {
    copies.add(new Copy(region, json));
  }

  /** Returns the damage of all copies that are not right. */
  List<Damage> damages() {
    List<Damage> damages = new ArrayList<>();
    List<Copy> candidates = candidates();
    boolean decided =
        candidates.stream().noneMatch(candidate -> differ(candidates.get(0), candidate));
    for (Copy copy : copies) {
      Copy other = candidates.stream().filter(c -> differ(c, copy)).findFirst().orElse(null);
      if (other != null) {
        damages.add(
            new Damage(
                key,
                copy.region,
                key
                    + (decided
                        ? " is not what region " + other.region + " has, whose checksum proves it: "
                        : " is not what region "
                            + other.region
                            + " has, and nothing proves which"
                            + " is right: ")
                    + difference(copy, other)));
      }
    }
    return damages;
  }

  /**
   * Returns the right copy.
   *
   * @throws DataException if there is none, or nothing proves which it is
   */
  byte[] right() {
    List<Copy> candidates = candidates();
    if (candidates.isEmpty()) {
      throw DataException.of("%s: no region has a right copy", key);
    }
    Copy first = candidates.get(0);
    for (Copy other : candidates) {
      if (differ(first, other)) {
        throw DataException.of(
            "%s in region %s and in region %s differ, and nothing proves which is right (%s); put"
                + " the right one in the place of the other by hand",
            key, first.region, other.region, difference(first, other));
      }
    }
    return first.json;
  }

  /** Returns the copies with a checksum; all copies if none has one. */
  private List<Copy> candidates() {
    List<Copy> proved = copies.stream().filter(copy -> copy.proved).toList();
    return proved.isEmpty() ? copies : proved;
  }

  private boolean differ(Copy one, Copy two) {
    return !Json.sameRecord(key, one.json, two.json);
  }

  private String difference(Copy one, Copy two) {
    return JsonDifference.first(tree(one), tree(two));
  }

  private JsonNode tree(Copy copy) {
    return Json.record(key, copy.json, JsonNode.class);
  }
}

package dev.stillhouse.pipeline.job.replicate;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.job.Transfer;
import dev.stillhouse.storage.UsageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The regions of a dataset that is written.
 *
 * @param home the region of a topology that it is committed in; "" if unknown
 * @param regions the others, in order of preference: names to paths or URIs, which are "" if the
 *     dataset knows them already
 * @param copies number of these that must be durable before a version becomes visible
 * @param transfer how blobs get there
 */
public record Placement(
    String home, ImmutableMap<String, String> regions, int copies, Transfer transfer) {

  public Placement {
    transfer.checkedHome(home);
    if (copies < 0 || copies > regions.size()) {
      throw UsageException.of(
          "--copies %d: need 0 to %d, the number of regions in --replicate-to",
          copies, regions.size());
    }
  }

  /** Returns a placement in home alone, wherever that is. */
  public static Placement homeAlone() {
    return new Placement("", ImmutableMap.of(), 0, Transfer.freely());
  }

  /**
   * Reads what a person wrote.
   *
   * @param regions each NAME or NAME=DATASET
   * @param copies number of durable copies; all regions if none is given
   */
  public static Placement parse(
      String home, List<String> regions, OptionalInt copies, Transfer transfer) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String word : regions) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String to = equals < 0 ? "" : word.substring(equals + 1);
      PlacedCopy.checkName(name, "give --replicate-to NAME=DATASET");
      if (equals >= 0 && to.isEmpty()) {
        throw UsageException.of("--replicate-to %s: nothing behind '='; where is %s?", word, name);
      }
      if (named.put(name, to) != null) {
        throw UsageException.of("--replicate-to names region %s twice", name);
      }
    }
    return new Placement(home, ImmutableMap.copyOf(named), copies.orElse(named.size()), transfer);
  }
}

package dev.stillhouse.storage.topology;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableTable;
import com.google.common.io.Resources;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Regions of a cloud, and the distances and prices between them, as others measured and published
 * them. {@code topology.json} beside this class is the bundled one; it names its sources. Times are
 * seconds, amounts bytes (a GB is 1e9), prices US dollars.
 *
 * @param regions names, in the file's order
 * @param links by reader's and store's region
 * @param dollarsPerPut of a blob that is put, in any region; 0 if unknown. Bytes into a region cost
 *     nothing
 */
@PublicApi
public record Topology(
    ImmutableSet<String> regions, ImmutableTable<String, String, Link> links, double dollarsPerPut)
    implements Serializable {
  private static final String BUNDLED = "topology.json";

  /** Returns the bundled topology. */
  public static Topology bundled() {
    try {
      return parse(BUNDLED, Resources.toByteArray(Resources.getResource(Topology.class, BUNDLED)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a topology.
   *
   * @param file its name, for errors
   * @throws dev.stillhouse.storage.DataException if it is wrong; it names the field, its value and
   *     the rule
   */
  public static Topology parse(String file, byte[] json) {
    return new TopologyJson(file).parse(json);
  }

  /**
   * Returns the link over which a reader in one region reads a store in another, or in the same.
   *
   * @throws UsageException if there is none
   */
  public Link link(String reader, String store) {
    Link link = links.get(reader, store);
    if (link == null) {
      throw UsageException.of(
          "the topology has no link for a reader in '%s' and a store in '%s'; its regions: %s",
          reader, store, regions);
    }
    return link;
  }

  /**
   * Returns the slowest and dearest link of a reader, for a store in an unknown region.
   *
   * @throws UsageException if the reader's own region is unknown
   */
  public Link worst(String reader, String store) {
    Link worst = link(reader, reader);
    for (Link other : links.row(reader).values()) {
      worst =
          new Link(
              reader,
              store,
              Math.max(worst.roundTripSeconds(), other.roundTripSeconds()),
              Math.max(worst.firstByteSeconds(), other.firstByteSeconds()),
              Math.min(worst.bytesPerSecond(), other.bytesPerSecond()),
              Math.min(worst.machineBytesPerSecond(), other.machineBytesPerSecond()),
              Math.max(worst.dollarsPerByte(), other.dollarsPerByte()),
              Math.max(worst.dollarsPerRequest(), other.dollarsPerRequest()));
    }
    return worst;
  }

  /** Returns the link; empty if there is none. */
  public Optional<Link> known(String reader, String store) {
    return Optional.ofNullable(links.get(reader, store));
  }
}

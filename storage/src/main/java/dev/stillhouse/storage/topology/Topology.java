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
 * Regions of a cloud and what lies between them: distances and prices that others measured and
 * published. {@code topology.json} beside this class is the one that comes along; it names its
 * sources. Times are seconds, amounts bytes (a GB is 1e9), prices US dollars.
 *
 * @param regions names, in the file's order
 * @param links by reader's and store's region
 * @param dollarsPerPut of a blob that is put, in any region; 0 where nobody told. What comes into a
 *     region costs nothing else
 */
@PublicApi
public record Topology(
    ImmutableSet<String> regions, ImmutableTable<String, String, Link> links, double dollarsPerPut)
    implements Serializable {
  private static final String BUNDLED = "topology.json";

  /** The topology that comes along. */
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
   * @throws dev.stillhouse.storage.DataException that tells the field, its value and what it must
   *     be
   */
  public static Topology parse(String file, byte[] json) {
    return new TopologyJson(file).parse(json);
  }

  /** The link over which a reader in one region reads a store in another, or in the same. */
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
   * A link as slow and as dear as any that a reader has, to a store whose place is not known.
   *
   * @throws UsageException if the reader's own place is not known
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

  /** The link where there is one. */
  public Optional<Link> known(String reader, String store) {
    return Optional.ofNullable(links.get(reader, store));
  }
}

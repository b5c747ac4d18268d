package dev.stillhouse.storage.replica;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Topology;
import dev.stillhouse.storage.topology.TopologyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A {@link ReadContext} in plain values, as a person or a program names them; also as JSON.
 *
 * @param region the reader's; empty if unknown: then all replicas are equally far
 * @param home region of the dataset's home; empty if the dataset says it
 * @param policy {@code time}, {@code dollars}, or the dollars that an hour of waiting is worth
 * @param topology file of regions, distances and prices; empty is the bundled one
 * @param inFlight max requests of a read at a time, 1 to 1024
 * @param cache directory that keeps what was fetched; empty keeps nothing
 * @param cacheBytes max size of the directory, 1 or more
 */
public record ReaderSettings(
    @JsonProperty("region") @IfAbsent(IfAbsent.EMPTY_TEXT) String region,
    @JsonProperty("home") @IfAbsent(IfAbsent.EMPTY_TEXT) String home,
    @JsonProperty("policy") @IfAbsent("\"time\"") String policy,
    @JsonProperty("topology") @IfAbsent(IfAbsent.EMPTY_TEXT) String topology,
    @JsonProperty("inFlight") @IfAbsent("16") int inFlight,
    @JsonProperty("cache") @IfAbsent(IfAbsent.EMPTY_TEXT) String cache,
    @JsonProperty("cacheBytes") @IfAbsent("10000000000") long cacheBytes) {
  private static final long MEMORY_BYTES = 64_000_000;

  /**
   * Returns the context that the values describe.
   *
   * @throws UsageException if a value is wrong, or two do not fit
   * @throws dev.stillhouse.storage.DataException if the topology cannot be read
   */
  public ReadContext context() throws IOException {
    if (inFlight < 1 || inFlight > 1024 || cacheBytes < 1) {
      throw UsageException.of(
          "%d requests in flight, a cache of %d bytes: need 1 to 1024, and 1 or more",
          inFlight, cacheBytes);
    }
    Optional<ReaderLocation> place = place();
    return new ReadContext(place, CostPolicy.parse(policy), inFlight, kept());
  }

  private Optional<RangeCache> kept() {
    return cache.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RangeCache(
                MEMORY_BYTES, Optional.of(new CacheDirectory(Path.of(cache), cacheBytes))));
  }

  private Optional<ReaderLocation> place() throws IOException {
    if (region.isEmpty()) {
      if (!topology.isEmpty() || !policy.equals("time")) {
        throw new UsageException(
            "a policy and a topology need the reader's region: where does the reader sit?");
      }
      return Optional.empty();
    }
    Topology known = TopologyFile.read(topology.isEmpty() ? null : Path.of(topology));
    known.link(region, home.isEmpty() ? region : home); // Unknown names are told first.
    return Optional.of(new ReaderLocation(known, region, home, true));
  }
}

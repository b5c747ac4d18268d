package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/** A layout of statistics in a shard: one generation. {@link Layouts} finds it by name. */
@PublicApi
public interface Layout extends ErrorBound {
  /** The {@link #rounding} of a layout that keeps log-probs exactly. */
  String EXACT = "";

  /** Returns the permanent name, stored in every shard. */
  String name();

  /**
   * Returns the name of its rounding. Layouts with the same name round every value alike, and
   * rounding twice is the same as rounding once. So a shard converted between them holds the
   * extractor's own values, rounded once: {@link dev.stillhouse.storage.manifest.RoundingHistory}
   * relies on that. The default is a rounding that no other layout has.
   */
  default String rounding() {
    return name();
  }

  /**
   * Returns how far a log-prob may be that was read {@link Projection#withCoarseLogProbs coarsely},
   * in nats. A layout without a coarse form returns {@link #bound}.
   *
   * @param logProb as it was written, in nats
   */
  default float coarseBound(float logProb) {
    return bound(logProb);
  }

  /**
   * Returns this layout with settings, such as {@code bound=0.02} of {@code adaptive:bound=0.02}.
   * Its name contains them.
   *
   * @throws UsageException if it takes none, or not these
   */
  default Layout with(String settings) {
    throw UsageException.of("layout %s takes no settings, but got '%s'", name(), settings);
  }

  /**
   * Returns a writer of a new shard.
   *
   * @param file path of the shard; it must not exist
   * @throws IOException if the file cannot be made
   */
  ShardWriter writer(Path file, ShardHeader header) throws IOException;

  /**
   * Returns a reader of a shard.
   *
   * @param footer of the shard; its checksum held
   */
  ShardReader reader(Footer footer);
}

package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/** One generation of how statistics lie in a shard. Found by name through {@link Layouts}. */
@PublicApi
public interface Layout extends ErrorBound {
  /** The {@link #rounding} of a layout that keeps log-probs exactly. */
  String EXACT = "";

  /** The permanent name, stored in every shard. */
  String name();

  /**
   * Name of what it does to log-probs: layouts of one name round every value alike, and what was
   * rounded so once is not changed by doing it again. Then shards made from another layout's are
   * those of the extractor's own values, which {@link
   * dev.stillhouse.storage.manifest.RoundingHistory} counts on. Unless said otherwise nobody else
   * rounds so.
   */
  default String rounding() {
    return name();
  }

  /**
   * How far a log-prob may be that was read {@link Projection#coarsely coarsely}, in nats. A layout
   * without a coarse form gives the same as ever.
   */
  default float coarseBound(float logProb) {
    return bound(logProb);
  }

  /**
   * This layout with settings, as {@code bound=0.02} of {@code adaptive:bound=0.02}. Its name tells
   * them.
   *
   * @throws UsageException if it takes none, or not these
   */
  default Layout with(String settings) {
    throw UsageException.of("layout %s takes no settings, but got '%s'", name(), settings);
  }

  /** A writer of a new shard in {@code file}, which must not exist. */
  ShardWriter writer(Path file, ShardHeader header) throws IOException;

  /** A reader of a shard with this footer. */
  ShardReader reader(Footer footer);
}

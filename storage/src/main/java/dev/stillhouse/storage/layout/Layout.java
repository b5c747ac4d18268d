package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/** One generation of how statistics lie in a shard. Found by name through {@link Layouts}. */
public interface Layout {
  /** The permanent name, stored in every shard. */
  String name();

  /**
   * How far a log-prob that was read may be from the one that was written, in nats. Ids, order of
   * entries, tail, entropy, normaliser and target are always exact.
   */
  float bound(float logProb);

  /** A writer of a new shard in {@code file}, which must not exist. */
  ShardWriter writer(Path file, ShardHeader header) throws IOException;

  /** A reader of a shard with this footer. */
  ShardReader reader(Footer footer);
}

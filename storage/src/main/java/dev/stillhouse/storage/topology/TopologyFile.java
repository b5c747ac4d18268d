package dev.stillhouse.storage.topology;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the topology that a person names. */
public final class TopologyFile {
  private static final long MAX_BYTES = 1 << 20;

  private TopologyFile() {}

  /** Reads a topology; the bundled one if none is named. */
  public static Topology read(@Nullable Path file) throws IOException {
    if (file == null) {
      return Topology.bundled();
    }
    if (!Files.isRegularFile(file)) {
      throw DataException.of("topology %s: no such file", file);
    }
    if (Files.size(file) > MAX_BYTES) {
      throw DataException.of(
          "topology %s: %d bytes, the limit is %d", file, Files.size(file), MAX_BYTES);
    }
    return Topology.parse(file.toString(), Files.readAllBytes(file));
  }
}

package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/** Generation 3: byte planes of whole sequences, each of them a page. */
public final class PlanesLayout implements Layout {
  static final String NAME = "planes";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public float bound(float logProb) {
    return Math.abs(logProb) * LogProbCode.BOUND;
  }

  @Override
  public float coarseBound(float logProb) {
    return Math.abs(logProb) * LogProbCode.COARSE_BOUND;
  }

  @Override
  public ShardWriter writer(Path file, ShardHeader header) throws IOException {
    return new PlanesShardWriter(file, header);
  }

  @Override
  public ShardReader reader(Footer footer) {
    return new PlanesShardReader(footer);
  }
}

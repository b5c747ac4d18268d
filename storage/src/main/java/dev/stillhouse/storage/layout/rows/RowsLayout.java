package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/** Generation 1: nested lists of structs. */
public final class RowsLayout implements Layout {
  static final String NAME = "rows";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String rounding() {
    return EXACT;
  }

  @Override
  public float bound(float logProb) {
    return 0;
  }

  @Override
  public ShardWriter writer(Path file, ShardHeader header) throws IOException {
    return new RowsShardWriter(file, header);
  }

  @Override
  public ShardReader reader(Footer footer) {
    return new RowsShardReader(footer);
  }
}

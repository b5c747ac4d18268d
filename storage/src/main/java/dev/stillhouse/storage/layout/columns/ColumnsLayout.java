package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/** Generation 2: ids and log-probs in columns of their own, log-probs at float16's precision. */
public final class ColumnsLayout implements Layout {
  static final String NAME = "columns";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String rounding() {
    return "float16";
  }

  @Override
  public float bound(float logProb) {
    return HalfPrecision.bound(logProb);
  }

  @Override
  public ShardWriter writer(Path file, ShardHeader header) throws IOException {
    return new ColumnsShardWriter(file, header);
  }

  @Override
  public ShardReader reader(Footer footer) {
    return new ColumnsShardReader(footer);
  }
}

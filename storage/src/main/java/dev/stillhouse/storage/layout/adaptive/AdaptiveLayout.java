package dev.stillhouse.storage.layout.adaptive;

import com.google.common.primitives.Floats;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Generation 4: ids coded by how likely a prior makes them, log-probs in steps within a chosen
 * bound.
 */
public final class AdaptiveLayout implements Layout {
  static final String NAME = "adaptive";

  private static final String SETTING = "bound=";
  private static final float BOUND = 0.01f;
  private static final float MIN = 1e-4f;
  private static final float MAX = 1;

  private final LogProbQuantizer steps;

  /** Creates the layout with a bound of 0.01 nats. */
  public AdaptiveLayout() {
    this(BOUND);
  }

  private AdaptiveLayout(float bound) {
    this.steps = new LogProbQuantizer(bound);
  }

  @Override
  public Layout with(String settings) {
    Float bound =
        settings.startsWith(SETTING) ? Floats.tryParse(settings.substring(SETTING.length())) : null;
    if (bound == null || !(bound >= MIN && bound <= MAX)) {
      throw UsageException.of(
          "layout adaptive: '%s': need bound=NATS from %s to %s, as in adaptive:bound=0.02",
          settings, MIN, MAX);
    }
    return new AdaptiveLayout(bound);
  }

  @Override
  public String name() {
    return steps.bound() == BOUND ? NAME : NAME + ":" + SETTING + steps.bound();
  }

  @Override
  public float bound(float logProb) {
    return steps.bound();
  }

  @Override
  public ShardWriter writer(Path file, ShardHeader header) throws IOException {
    return new AdaptiveShardWriter(file, header, steps);
  }

  @Override
  public ShardReader reader(Footer footer) {
    return new AdaptiveShardReader(footer, steps);
  }
}

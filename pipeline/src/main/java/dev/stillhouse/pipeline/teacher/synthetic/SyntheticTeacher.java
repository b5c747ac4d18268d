package dev.stillhouse.pipeline.teacher.synthetic;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.storage.statistics.TokenBatch;

/** Lends the rows of a {@link SyntheticPool}, whatever the tokens are. */
final class SyntheticTeacher implements DenseTeacher {
  private final SyntheticSettings settings;
  private final SyntheticPool pool;

  SyntheticTeacher(SyntheticSettings settings) {
    this.settings = settings;
    this.pool = SyntheticPool.of(settings);
  }

  @Override
  public String fingerprint() {
    return SyntheticPool.ARITHMETIC + " " + settings.canonical();
  }

  @Override
  public int vocabulary() {
    return settings.vocabulary();
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public Answers answers() {
    return Answers.MADE_UP;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    TokenIds.check(batch, settings.vocabulary());
    return new SyntheticCursor(settings, pool, batch);
  }

  @Override
  public void close() {
    // The rows go with the garbage collector: a block that is still held can be read.
  }
}

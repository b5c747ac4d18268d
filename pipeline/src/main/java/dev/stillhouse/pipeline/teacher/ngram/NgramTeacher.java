package dev.stillhouse.pipeline.teacher.ngram;

import com.google.common.hash.Hashing;
import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.storage.statistics.TokenBatch;

/** The ngram model as a teacher: reproducible to the bit on any machine and JDK. */
final class NgramTeacher implements DenseTeacher {
  /** Bytes of a lent block, unless a single row is longer: it stays in a core's cache. */
  private static final int BLOCK_BYTES = 1 << 20;

  private final String fingerprint;
  private final NgramModel model;
  private final int blockRows;
  private final BlockPool pool;

  NgramTeacher(byte[] blob) {
    fingerprint = Hashing.sha256().hashBytes(blob).toString();
    model = new NgramModel(NgramBlob.read(blob));
    int rowBytes = Float.BYTES * model.vocabulary();
    blockRows = Math.max(1, BLOCK_BYTES / rowBytes);
    pool = new BlockPool(blockRows * rowBytes);
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int vocabulary() {
    return model.vocabulary();
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    TokenIds.check(batch, model.vocabulary());
    return new NgramCursor(model, batch, pool, blockRows);
  }

  @Override
  public void close() {
    pool.clear();
  }
}

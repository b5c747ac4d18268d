package dev.stillhouse.pipeline.teacher.logits;

import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Gives the logits of a file, after it has checked that the file belongs to these tokens. */
final class LogitsTeacher implements DenseTeacher {
  /** Max ids in a row; no known model has more. */
  private static final long MAX_IDS = 1L << 22;

  private static final Map<String, Integer> LOGITS = Map.of("<f4", 4, "<f2", 2);
  private static final Map<String, Integer> IDS = Map.of("<i4", 4, "<i8", 8, "<u2", 2);

  private final NpyFile logits;
  private final NpyFile ids;
  private final int vocabulary;
  private final String fingerprint;
  private final BlockPool pool = new BlockPool(0); // of float16 rows that were widened

  LogitsTeacher(LogitsFiles files, long window) {
    logits = new NpyFile(files.logits(), LOGITS, 1, 1, window);
    List<Long> shape = logits.header().shape();
    long width = shape.get(shape.size() - 1);
    if (width < 1 || width > MAX_IDS) {
      throw DataException.of(
          "%s: has %s: rows of %d ids, need 1 to %d",
          files.logits(), logits.header(), width, MAX_IDS);
    }
    vocabulary = (int) width;
    if (!Files.isRegularFile(files.ids())) {
      throw DataException.of(
          "%s: there is no such file; save the token ids that the teacher read (int32, %s) there,"
              + " or name their file: logits:%s,ids=IDS.npy",
          files.ids(), shape.subList(0, shape.size() - 1), files.logits());
    }
    ids = new NpyFile(files.ids(), IDS, 0, 1, window);
    if (!ids.header().shape().equals(shape.subList(0, shape.size() - 1))) {
      throw DataException.of(
          "%s: has %s, but %s has %s; need the same shape without the vocabulary",
          files.ids(), ids.header(), files.logits(), logits.header());
    }
    fingerprint = files.fingerprint();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public Answers answers() {
    return Answers.RECORDED_TOKENS;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    List<Long> shape = logits.header().shape();
    if (shape.size() == 3 && shape.get(1) != batch.length()) {
      throw DataException.of(
          "%s: has %s, so sequences of %d positions, but the dataset's have %d; extract with"
              + " --sequence-length %d, or dump over the dataset's own tokens",
          logits.path(), logits.header(), shape.get(1), batch.length(), shape.get(1));
    }
    for (int slot = 0; slot < batch.slots(); slot++) {
      if (!batch.padding(slot)) {
        check(batch, slot);
      }
    }
    return new NpyCursor(logits, batch, vocabulary, pool);
  }

  /** Returns the row of a slot: sequence * T + position. */
  static long row(TokenBatch batch, int slot) {
    return batch.firstSequence() * batch.length() + slot;
  }

  private void check(TokenBatch batch, int slot) {
    long row = row(batch, slot);
    long sequence = batch.firstSequence() + slot / batch.length();
    int position = slot % batch.length();
    if (row >= logits.rows()) {
      throw DataException.of(
          "sequence %d, position %d: %s has %s and ends before it; the corpus is longer than what"
              + " the teacher read",
          sequence, position, logits.path(), logits.header());
    }
    ByteBuffer at = ids.view(row, 1);
    long id =
        switch (ids.header().type()) {
          case "<i8" -> at.getLong(0);
          case "<i4" -> at.getInt(0);
          default -> Short.toUnsignedInt(at.getShort(0));
        };
    if (id != batch.tokens()[slot]) {
      throw DataException.of(
          "sequence %d, position %d: the dataset has token %d, but %s has %d: the logits are about"
              + " other tokens; dump them over the dataset's own tokens (columns sequence and tokens"
              + " of tokens/*.parquet), or pack the corpus as the dump did",
          sequence, position, batch.tokens()[slot], ids.path(), id);
    }
  }

  @Override
  public void close() {
    pool.clear();
    // The mappings go with the garbage collector: a block that is still held can be read.
  }
}

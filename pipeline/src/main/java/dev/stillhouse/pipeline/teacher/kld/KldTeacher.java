package dev.stillhouse.pipeline.teacher.kld;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.TeacherNote;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.Optional;

/** Gives the rows of a file, after it has checked that the file belongs to these tokens. */
final class KldTeacher implements DenseTeacher {
  /** Half of a step of 16 nats over 65,535, and the rounding of its arithmetic. */
  private static final double BOUND_NATS = 1.3e-4;

  private static final double CLAMP_NATS = 16;

  private final KldFile file;
  private final String fingerprint;
  private final BlockPool pool = new BlockPool(0);

  KldTeacher(KldFile file) {
    this.file = file;
    try {
      fingerprint = MoreFiles.asByteSource(file.path()).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw new DataException(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int vocabulary() {
    return file.vocabulary();
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
  public Optional<String> notice() {
    return Optional.of(
        String.format(
            "kld %s: %d chunks of %d tokens, vocabulary %d; it has rows for positions %d to %d of"
                + " each chunk, and of the others nothing is known; right to 1.3e-4 nats within 16"
                + " nats of the best, the rest is raised to there",
            file.path().getFileName(),
            file.chunks(),
            file.chunkTokens(),
            file.vocabulary(),
            file.firstPosition(),
            file.chunkTokens() - 2));
  }

  /** Returns the file's rounding, and the mass that the kernel took for one. */
  @Override
  public Optional<TeacherNote> note(StatisticsBatch answer) {
    long above = 0;
    double largest = 0;
    for (float normaliser : answer.logNormaliser()) {
      if (normaliser > 0) { // NaN where the file has no row.
        above++;
        largest = Math.max(largest, StrictMath.expm1(normaliser));
      }
    }
    return Optional.of(new TeacherNote(BOUND_NATS, CLAMP_NATS, above, largest));
  }

  @Override
  public boolean hasRow(TokenBatch batch, int slot) {
    int position = slot % file.chunkTokens();
    return position >= file.firstPosition() && position < file.chunkTokens() - 1;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    if (batch.length() != file.chunkTokens()) {
      throw DataException.of(
          "%s: has chunks of %d tokens, but the dataset's sequences have %d positions; extract from"
              + " the file's own tokens: leave out --corpus and --tokens",
          file.path(), file.chunkTokens(), batch.length());
    }
    for (int sequence = 0; sequence < batch.sequences(); sequence++) {
      check(batch, sequence);
    }
    return new KldCursor(file, batch, pool);
  }

  private void check(TokenBatch batch, int sequence) {
    long chunk = batch.firstSequence() + sequence;
    if (chunk >= file.chunks()) {
      throw DataException.of(
          "sequence %d: %s has %d chunks and ends before it", chunk, file.path(), file.chunks());
    }
    int[] tokens = file.tokens((int) chunk);
    for (int position = 0; position < tokens.length; position++) {
      int slot = sequence * batch.length() + position;
      if (!batch.padding(slot) && batch.tokens()[slot] != tokens[position]) {
        throw DataException.of(
            "sequence %d, position %d: the dataset has token %d, but %s has %d: the file is about"
                + " other tokens; extract from its own: leave out --corpus and --tokens",
            chunk, position, batch.tokens()[slot], file.path(), tokens[position]);
      }
    }
  }

  @Override
  public void close() {
    pool.clear();
    file.close();
  }
}

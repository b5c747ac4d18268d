package dev.stillhouse.pipeline.teacher.ngram;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.Optional;

/** Opens {@code --teacher ngram}: no argument; fitted to the head of the corpus. */
public final class NgramProvider implements TeacherProvider {
  @Override
  public String name() {
    return "ngram";
  }

  @Override
  public boolean fitted() {
    return true;
  }

  @Override
  public long fitPositions() {
    return NgramCounts.MAX_TOKENS;
  }

  @Override
  public Optional<byte[]> prepare(String argument, Iterable<TokenBatch> corpus, int vocabulary) {
    checkNoArgument(argument);
    return Optional.of(NgramBlob.write(NgramFit.fit(corpus, vocabulary, NgramCounts.MAX_TOKENS)));
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    checkNoArgument(argument);
    ByteSource source =
        blob.orElseThrow(
            () -> new UsageException("ngram: no fitted model was given; prepare it first"));
    try {
      // One byte more than a blob can have, so that a longer one is seen but not read into memory.
      return new NgramTeacher(source.slice(0, NgramBlob.MAX_BYTES + 1).read());
    } catch (IOException e) {
      throw new DataException("ngram: the fitted model cannot be read: " + e.getMessage(), e);
    }
  }

  private static void checkNoArgument(String argument) {
    if (!argument.isEmpty()) {
      throw UsageException.of("ngram takes no argument, but got '%s'; write ngram", argument);
    }
  }
}

package dev.stillhouse.pipeline.teacher;

import com.google.common.io.ByteSource;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Optional;

/**
 * Opens one kind of teacher; found through {@link java.util.ServiceLoader}, see {@link Teachers}.
 *
 * <p>A teacher that is fitted to the corpus is <em>prepared</em> once, where the job is planned:
 * the caller stores the blob in the dataset directory as {@code teachers/<sha256>} and hands it to
 * {@link #open} wherever work is done.
 */
@PublicApi
public interface TeacherProvider {
  /** Permanent name, as on the command line. */
  String name();

  /** Whether it is fitted to the corpus, so that it cannot be opened before that is packed. */
  default boolean fitted() {
    return false;
  }

  /**
   * Fits the model, if this kind of teacher needs it; empty if there is nothing to keep. The same
   * tokens give the same bytes.
   *
   * @param argument what followed the name on the command line, or ""
   * @param corpus the packed corpus from its first sequence on; read only as far as needed
   * @param vocabulary size of the tokenizer's vocabulary
   * @return the blob
   */
  default Optional<byte[]> prepare(String argument, Iterable<TokenBatch> corpus, int vocabulary) {
    return Optional.empty();
  }

  /** How many positions of the corpus {@link #prepare} reads at most; 0 if it reads none. */
  default long fitPositions() {
    return 0;
  }

  /**
   * Opens the teacher.
   *
   * @param argument what followed the name on the command line, or ""
   * @param blob what {@link #prepare} gave, if it gave something
   * @throws dev.stillhouse.storage.UsageException for an argument that is not understood
   * @throws dev.stillhouse.storage.DataException for a blob or file that is damaged
   */
  Teacher open(String argument, Optional<ByteSource> blob);
}

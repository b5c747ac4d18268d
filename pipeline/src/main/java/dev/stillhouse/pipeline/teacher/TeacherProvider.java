package dev.stillhouse.pipeline.teacher;

import com.google.common.io.ByteSource;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Optional;

/**
 * Opens one kind of teacher. {@link java.util.ServiceLoader} finds it, see {@link Teachers}.
 *
 * <p>A teacher that is fitted to the corpus is <em>prepared</em> once, where the job is planned.
 * The caller stores the blob in the dataset directory as {@code teachers/<sha256>} and hands it to
 * {@link #open} on every worker.
 */
@PublicApi
public interface TeacherProvider {
  /** Returns the permanent name, as on the command line. */
  String name();

  /**
   * Returns the argument for people and manifests: files by their names alone, since a path is of
   * one machine.
   */
  default String label(String argument) {
    return argument.replaceAll("[^,=]*/", "");
  }

  /** Returns whether it is fitted to the corpus, so that it can be opened only after packing. */
  default boolean fitted() {
    return false;
  }

  /**
   * Fits the model; empty if this kind of teacher needs no fitting. The same tokens give the same
   * bytes.
   *
   * @param argument text behind the name and colon on the command line, or ""
   * @param corpus the packed corpus from its first sequence on; read only as far as needed
   * @param vocabulary size of the tokenizer's vocabulary
   * @return the blob
   */
  default Optional<byte[]> prepare(String argument, Iterable<TokenBatch> corpus, int vocabulary) {
    return Optional.empty();
  }

  /**
   * Returns the max number of positions of the corpus that {@link #prepare} reads; 0 if it reads
   * none.
   */
  default long fitPositions() {
    return 0;
  }

  /**
   * Opens the teacher.
   *
   * @param argument text behind the name and colon on the command line, or ""
   * @param blob result of {@link #prepare}, if there was one
   * @throws dev.stillhouse.storage.UsageException for an argument that is not understood
   * @throws dev.stillhouse.storage.DataException for a blob or file that is damaged
   */
  Teacher open(String argument, Optional<ByteSource> blob);
}

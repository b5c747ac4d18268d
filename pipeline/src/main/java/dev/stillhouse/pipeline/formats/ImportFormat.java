package dev.stillhouse.pipeline.formats;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;

/**
 * A format in which another tool keeps a teacher's statistics. {@link java.util.ServiceLoader}
 * finds it, see {@link ImportFormats}.
 */
@PublicApi
public interface ImportFormat {
  /** Returns the permanent name, as on the command line. */
  String name();

  /** Returns the endings of the files that are read of a folder, as in {@code .jsonl}. */
  ImmutableList<String> suffixes();

  /**
   * Opens files. Nothing of them is read that is not needed for {@link ImportSource#facts}.
   *
   * @param files in their order, at least one
   * @throws dev.stillhouse.storage.UsageException for settings that are not understood, or that the
   *     format needs
   * @throws dev.stillhouse.storage.DataException for a file that is damaged
   */
  ImportSource open(ImportSettings settings, ImmutableList<ImportFile> files);
}

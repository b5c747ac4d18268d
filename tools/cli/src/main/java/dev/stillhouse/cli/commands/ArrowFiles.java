package dev.stillhouse.cli.commands;

import com.google.common.io.Closer;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.LoadedBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link ArrowFile} for each of the joined datasets; none if no file is asked for. */
final class ArrowFiles implements AutoCloseable {
  private final List<ArrowFile> files = new ArrayList<>();

  private ArrowFiles() {}

  /**
   * Opens the files.
   *
   * @param first file of the first dataset; the others' are {@code FILE.1}, {@code FILE.2} ...
   */
  static ArrowFiles create(@Nullable Path first, List<Dataset> joined) throws IOException {
    if (ArrowFile.STANDARD_OUTPUT.equals(first) && joined.size() > 1) {
      throw new UsageException("--arrow - is one stream; give a FILE for those of --with too");
    }
    ArrowFiles created = new ArrowFiles();
    for (int i = 0; first != null && i < joined.size(); i++) {
      Path file = i == 0 ? first : first.resolveSibling(first.getFileName() + "." + i);
      created.files.add(ArrowFile.create(file, joined.get(i).statistic()));
    }
    return created;
  }

  void write(LoadedBatch batch) throws IOException {
    for (int i = 0; i < batch.teachers() && i < files.size(); i++) {
      files.get(i).write(batch.sequences(), batch.statistics(i));
    }
  }

  /** Ends the files and gives them their names. */
  void commit() throws IOException {
    for (ArrowFile file : files) {
      file.commit();
    }
  }

  /** Closes the files. Without {@link #commit} before it, nothing of them stays. */
  @Override
  public void close() throws IOException {
    try (Closer closer = Closer.create()) {
      files.forEach(file -> closer.register(file::close));
    }
  }
}

package dev.stillhouse.tools.commands;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.LoadedBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link ArrowFile} for each of the joined datasets; none where no file is asked for. */
final class ArrowFiles implements AutoCloseable {
  private final List<ArrowFile> files = new ArrayList<>();

  private ArrowFiles() {}

  /**
   * Opens them.
   *
   * @param first file of the first dataset; the others' are {@code FILE.1}, {@code FILE.2} ...
   */
  static ArrowFiles create(@Nullable Path first, List<Dataset> joined) throws IOException {
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

  @Override
  public void close() throws IOException {
    for (ArrowFile file : files) {
      file.close();
    }
  }
}

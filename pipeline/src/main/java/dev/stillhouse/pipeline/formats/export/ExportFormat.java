package dev.stillhouse.pipeline.formats.export;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.io.IOException;
import java.nio.file.Path;

/** A format that datasets are written in. */
public interface ExportFormat {
  /** Returns the name on the command line. */
  String name();

  /** Returns what the format loses of such a dataset, a line each. */
  ImmutableList<String> losses(Manifest manifest, StatisticSpec spec);

  /**
   * Opens a new file.
   *
   * @throws dev.stillhouse.storage.UsageException if the dataset does not fit the format
   */
  ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException;
}

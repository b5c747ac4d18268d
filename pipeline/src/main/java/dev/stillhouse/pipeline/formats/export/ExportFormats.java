package dev.stillhouse.pipeline.formats.export;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.stillhouse.storage.UsageException;

/** The formats that datasets are written in. */
public final class ExportFormats {
  private static final ImmutableList<ExportFormat> ALL =
      ImmutableList.of(
          new PlainParquetExport(),
          new JsonlExport(),
          new AxolotlExport(),
          new TrlExport(),
          new TinkerExport(),
          new MegatronExport());

  private ExportFormats() {}

  /** Returns all names. */
  public static ImmutableList<String> names() {
    return ALL.stream().map(ExportFormat::name).collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns the format of a name.
   *
   * @throws UsageException if there is none; it lists those present
   */
  public static ExportFormat named(String name) {
    return ALL.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UsageException.of(
                    "No format named '%s' to export to; present: %s",
                    name, ImmutableSortedSet.copyOf(names())));
  }
}

package dev.stillhouse.pipeline.formats;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.NamedServices;

/** Finds the formats on the class path. */
public final class ImportFormats {
  private static final NamedServices<ImportFormat> PRESENT =
      NamedServices.of(ImportFormat.class, "format", ImportFormat::name);

  private ImportFormats() {}

  /** Returns all names. */
  public static ImmutableSet<String> names() {
    return PRESENT.names();
  }

  /**
   * Returns the format of a name.
   *
   * @throws dev.stillhouse.storage.UsageException if there is none; it lists those present
   */
  public static ImportFormat named(String name) {
    return PRESENT.named(name);
  }
}

package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.region.Regions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories of datasets, which must not lie one inside the other. */
final class Places {
  private Places() {}

  /**
   * Refuses a directory that is, holds, or lies in another.
   *
   * @param option that names it, as in "--to"
   * @param to its real path
   * @param what the other is, for people
   * @param place the other's real path
   */
  static void apart(String option, Path to, String what, Path place) {
    if (to.equals(place)) {
      throw UsageException.of("%s %s is %s; choose another directory", option, to, what);
    }
    if (to.startsWith(place) || place.startsWith(to)) {
      throw UsageException.of(
          "%s %s and %s at %s lie one inside the other; choose another directory",
          option, to, what, place);
    }
  }

  /** The directory of a path or URI, through all symbolic links, as far as it exists. */
  static Path real(String name) {
    Path whole = Regions.directory(name).toAbsolutePath();
    Path there = whole;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(whole)).normalize();
    } catch (IOException e) {
      throw new DataException(name + ": " + e.getMessage(), e);
    }
  }
}

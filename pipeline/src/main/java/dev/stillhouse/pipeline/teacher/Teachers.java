package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.NamedServices;
import dev.stillhouse.storage.UsageException;

/** Finds the providers on the class path. */
public final class Teachers {
  private static final NamedServices<TeacherProvider> PRESENT =
      NamedServices.of(TeacherProvider.class, "teacher", TeacherProvider::name);

  private Teachers() {}

  /**
   * Returns the provider of a name.
   *
   * @throws UsageException if there is none; it lists those present
   */
  public static TeacherProvider named(String name) {
    return PRESENT.named(name);
  }
}

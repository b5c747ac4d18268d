package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.UsageException;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the providers that are on the class path. */
public final class Teachers {
  private Teachers() {}

  /**
   * The provider of that name.
   *
   * @throws UsageException if there is none; it lists those present
   */
  public static TeacherProvider named(String name) {
    SortedMap<String, TeacherProvider> present = present();
    TeacherProvider provider = present.get(name);
    if (provider == null) {
      throw UsageException.of("No teacher named '%s'; present: %s", name, present.keySet());
    }
    return provider;
  }

  private static SortedMap<String, TeacherProvider> present() {
    SortedMap<String, TeacherProvider> present = new TreeMap<>();
    // This class's own loader: the context loader of a runner's thread may know no providers.
    for (TeacherProvider provider :
        ServiceLoader.load(TeacherProvider.class, Teachers.class.getClassLoader())) {
      TeacherProvider other = present.put(provider.name(), provider);
      if (other != null) {
        throw UsageException.of(
            "Two teachers are named '%s': %s and %s; a name is permanent, remove one",
            provider.name(), other.getClass().getName(), provider.getClass().getName());
      }
    }
    return present;
  }
}

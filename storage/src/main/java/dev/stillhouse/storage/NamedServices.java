package dev.stillhouse.storage;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds the services of one type on the class path, by their permanent names. They are found
 * through {@link ServiceLoader} with the class loader of their type, because the context loader of
 * a runner's thread may know none. They are loaded once, on first use. Safe for many threads.
 *
 * @param <T> type of the services
 */
public final class NamedServices<T> {
  private final String kind;
  private final Supplier<ImmutableMap<String, T>> present;

  private NamedServices(String kind, Supplier<ImmutableMap<String, T>> present) {
    this.kind = kind;
    this.present = present;
  }

  /**
   * Returns the services of a type.
   *
   * @param kind what one of them is, for errors, as in "layout"
   * @param name gives a service's name
   */
  public static <T> NamedServices<T> of(Class<T> type, String kind, Function<T, String> name) {
    return new NamedServices<>(kind, Suppliers.memoize(() -> load(type, kind, name)));
  }

  private static <T> ImmutableMap<String, T> load(
      Class<T> type, String kind, Function<T, String> name) {
    Map<String, T> services = new LinkedHashMap<>();
    for (T service : ServiceLoader.load(type, type.getClassLoader())) {
      T other = services.putIfAbsent(name.apply(service), service);
      if (other != null) {
        throw UsageException.of(
            "Two %ss are named '%s': %s and %s; a name is permanent, remove one",
            kind, name.apply(service), other.getClass().getName(), service.getClass().getName());
      }
    }
    return ImmutableMap.copyOf(services);
  }

  /**
   * Returns all names, in the order in which the services are registered: that of their lines in
   * META-INF/services, file by file.
   */
  public ImmutableSet<String> names() {
    return present.get().keySet();
  }

  /** Returns all services, in the order of {@link #names}. */
  public ImmutableCollection<T> all() {
    return present.get().values();
  }

  /** Returns the service of a name, or nothing if there is none. */
  public Optional<T> find(String name) {
    return Optional.ofNullable(present.get().get(name));
  }

  /**
   * Returns the service of a name.
   *
   * @throws UsageException if there is none; it lists those present
   */
  public T named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                UsageException.of(
                    "No %s named '%s'; present: %s",
                    kind, name, ImmutableSortedSet.copyOf(names())));
  }
}

package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.parquet.Footer;
import java.util.ServiceLoader;

/** The layouts that are present, by name. */
public final class Layouts {
  private static final ImmutableMap<String, Layout> LOADED = load();
  private static final ImmutableSortedMap<String, Layout> PRESENT =
      ImmutableSortedMap.copyOf(LOADED);

  private Layouts() {}

  /** Names of all layouts, sorted. */
  public static ImmutableSet<String> names() {
    return PRESENT.keySet();
  }

  /**
   * The same names, from the first generation on: the order of their lines in META-INF/services.
   */
  public static ImmutableList<String> generations() {
    return LOADED.keySet().asList();
  }

  /** The layout of this name, which may have settings behind a colon. */
  public static Layout named(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    Layout layout = PRESENT.get(name);
    if (layout == null) {
      throw UsageException.of("No layout named '%s'; present: %s", name, PRESENT.keySet());
    }
    return colon < 0 ? layout : layout.with(text.substring(colon + 1));
  }

  /** A reader by the layout that the shard itself names. */
  public static ShardReader reader(Footer footer) {
    String name = footer.metadata(ShardHeader.LAYOUT);
    Layout layout;
    try {
      layout = named(name);
    } catch (UsageException e) {
      // Nobody used anything wrongly: the shard is of a newer release, or means harm.
      throw new DamagedBlobException(
          footer.blob(), 0, ShardHeader.LAYOUT + " is '" + name + "': " + e.getMessage(), e);
    }
    return layout.reader(footer);
  }

  private static ImmutableMap<String, Layout> load() {
    var layouts = ImmutableMap.<String, Layout>builder();
    // Two layouts of one name, or one that does not load, must stop everything.
    ServiceLoader.load(Layout.class).forEach(layout -> layouts.put(layout.name(), layout));
    return layouts.buildOrThrow();
  }
}

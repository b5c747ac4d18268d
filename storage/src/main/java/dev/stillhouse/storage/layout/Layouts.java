package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.NamedServices;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.parquet.Footer;

/** Finds the layouts on the class path, by name. */
public final class Layouts {
  private static final NamedServices<Layout> PRESENT =
      NamedServices.of(Layout.class, "layout", Layout::name);

  private Layouts() {}

  /** Returns the names of all layouts, sorted. */
  public static ImmutableSet<String> names() {
    return ImmutableSortedSet.copyOf(PRESENT.names());
  }

  /**
   * Returns the names of all layouts, from the first generation on: in the order of their lines in
   * META-INF/services.
   */
  public static ImmutableList<String> generations() {
    return PRESENT.names().asList();
  }

  /**
   * Returns the layout of this name, which may have settings behind a colon.
   *
   * @throws UsageException if there is none
   */
  public static Layout named(String text) {
    int colon = text.indexOf(':');
    Layout layout = PRESENT.named(colon < 0 ? text : text.substring(0, colon));
    return colon < 0 ? layout : layout.with(text.substring(colon + 1));
  }

  /**
   * Returns a reader by the layout that the shard itself names.
   *
   * @throws DataException if there is no such layout
   */
  public static ShardReader reader(Footer footer) {
    String name = footer.metadata(ShardHeader.LAYOUT);
    Layout layout;
    try {
      layout = named(name);
    } catch (UsageException e) {
      // No wrong use: the shard is of a newer release, or hostile.
      throw new DamagedBlobException(
          footer.blob(), 0, ShardHeader.LAYOUT + " is '" + name + "': " + e.getMessage(), e);
    }
    return layout.reader(footer);
  }
}

package dev.stillhouse.storage.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.NamedServices;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.parquet.Footer;

/** The layouts that are present, by name. */
public final class Layouts {
  private static final NamedServices<Layout> PRESENT =
      NamedServices.of(Layout.class, "layout", Layout::name);

  private Layouts() {}

  /** Names of all layouts, sorted. */
  public static ImmutableSet<String> names() {
    return ImmutableSortedSet.copyOf(PRESENT.names());
  }

  /**
   * The same names, from the first generation on: the order of their lines in META-INF/services.
   */
  public static ImmutableList<String> generations() {
    return PRESENT.names().asList();
  }

  /** The layout of this name, which may have settings behind a colon. */
  public static Layout named(String text) {
    int colon = text.indexOf(':');
    Layout layout = PRESENT.named(colon < 0 ? text : text.substring(0, colon));
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
}

package dev.stillhouse.storage.region;

import dev.stillhouse.storage.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Opens stores by name. */
public final class Regions {
  /** Name of the region in which a dataset is committed. */
  public static final String HOME = "home";

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  private Regions() {}

  /** The store of a path or URI, as the region {@code home}. */
  public static RegionStore open(String name) {
    return open(name, HOME);
  }

  /** The store of a path or URI, as a region of that name. */
  public static RegionStore open(String name, String region) {
    return new DirectoryStore(region, directory(name));
  }

  /** The directory that a path or URI names; what is no directory's name is a wrong use. */
  public static Path directory(String name) {
    try {
      if (!SCHEME.matcher(name).matches()) {
        return Path.of(name);
      }
      URI uri = new URI(name);
      if ("file".equals(uri.getScheme())) {
        return Path.of(uri);
      }
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw UsageException.of("'%s' is no path or URI: %s", name, e.getMessage());
    }
    throw UsageException.of("'%s': known are paths and file:///...", name);
  }
}

package dev.stillhouse.storage.store.file;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.StoreName;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory.
 *
 * @param path absolute, or relative to the working directory of the process
 */
record DirectoryName(Path path) implements StoreName {
  static DirectoryName ofPath(String name) {
    try {
      return new DirectoryName(Path.of(name));
    } catch (IllegalArgumentException e) {
      throw UsageException.of("'%s' is no path or URI: %s", name, e.getMessage());
    }
  }

  static DirectoryName ofUri(String name) {
    try {
      return new DirectoryName(Path.of(new URI(name)));
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw UsageException.of("'%s' is no path or URI: %s", name, e.getMessage());
    }
  }

  @Override
  public DirectoryName real() {
    Path whole = path.toAbsolutePath();
    Path there = whole;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return new DirectoryName(there.toRealPath().resolve(there.relativize(whole)).normalize());
    } catch (IOException e) {
      throw new DataException(path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean absolute() {
    return path.isAbsolute();
  }

  @Override
  public String lastPart() {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? "" : last.toString();
  }

  @Override
  public boolean liesIn(StoreName other) {
    return other instanceof DirectoryName outer
        && !path.equals(outer.path)
        && path.startsWith(outer.path);
  }

  @Override
  public BlobStore open(String region) {
    return new DirectoryStore(region, path);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

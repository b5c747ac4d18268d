package dev.stillhouse.storage.store.file;

import dev.stillhouse.storage.store.StoreName;
import dev.stillhouse.storage.store.StoreScheme;

/** Directories of this machine, by path or by URI. */
public final class DirectoryScheme implements StoreScheme {
  @Override
  public String scheme() {
    return PATHS;
  }

  @Override
  public String form() {
    return "file:///path";
  }

  @Override
  public StoreName parse(String name) {
    return StoreName.Schemes.of(name).isEmpty()
        ? DirectoryName.ofPath(name)
        : DirectoryName.ofUri(name);
  }
}

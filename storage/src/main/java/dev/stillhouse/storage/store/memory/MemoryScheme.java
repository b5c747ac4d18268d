package dev.stillhouse.storage.store.memory;

import dev.stillhouse.storage.store.StoreName;
import dev.stillhouse.storage.store.StoreScheme;

/** Stores in this process's memory, for tests. */
public final class MemoryScheme implements StoreScheme {
  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public String form() {
    return "memory:name";
  }

  @Override
  public StoreName parse(String name) {
    return MemoryName.parse(name);
  }
}

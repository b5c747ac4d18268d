package dev.stillhouse.storage.store.memory;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.StoreName;
import java.util.regex.Pattern;

/**
 * A store in this process's memory, for tests; it is gone when the process ends.
 *
 * @param name letters, digits, dot, dash and underscore, at most 64
 */
record MemoryName(String name) implements StoreName {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  static MemoryName parse(String name) {
    String rest = name.substring("memory:".length());
    if (!NAME.matcher(rest).matches()) {
      throw new UsageException(
          "memory:NAME: need 1 to 64 letters, digits, '.', '-' and '_', a letter or digit first");
    }
    return new MemoryName(rest);
  }

  @Override
  public MemoryName real() {
    return this;
  }

  @Override
  public boolean absolute() {
    return true;
  }

  @Override
  public String lastPart() {
    return name;
  }

  @Override
  public boolean liesIn(StoreName other) {
    return false;
  }

  @Override
  public BlobStore open(String region) {
    return MemoryStore.open(region, name);
  }

  @Override
  public String toString() {
    return "memory:" + name;
  }
}

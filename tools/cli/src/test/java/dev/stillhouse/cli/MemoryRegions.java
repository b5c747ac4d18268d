package dev.stillhouse.cli;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Some regions in memory, {@code memory:NAME}, whose blobs can be kept and put back. */
final class MemoryRegions {
  private final List<String> names;

  MemoryRegions(String... names) {
    this.names = List.of(names);
  }

  /** Who opens one from now on gets what is made of it. */
  void behind(UnaryOperator<BlobStore> made) {
    names.forEach(name -> MemoryStore.before(name, made));
  }

  /** Who opens one from now on gets it as it is. */
  void plain() {
    behind(UnaryOperator.identity());
  }

  /** All that is there, by region. */
  Map<String, Map<String, byte[]>> blobs() {
    Map<String, Map<String, byte[]>> all = new TreeMap<>();
    for (String name : names) {
      Map<String, byte[]> blobs = new TreeMap<>();
      try (BlobStore store = BlobStores.open("memory:" + name)) {
        for (String key : store.list("")) {
          blobs.put(key, read(store, key));
        }
      }
      all.put(name, blobs);
    }
    return all;
  }

  private static byte[] read(BlobStore store, String key) {
    ByteRange whole = new ByteRange(0, (int) store.size(key).orElseThrow());
    return store.read(key, List.of(whole)).join().get(0).array();
  }

  /** Makes them what they were. */
  void restore(Map<String, Map<String, byte[]>> all) {
    all.forEach(
        (name, blobs) -> {
          try (BlobStore store = BlobStores.open("memory:" + name)) {
            store.list("").forEach(store::delete);
            blobs.forEach(store::putIfAbsent);
          }
        });
  }

  /** Puts other bytes in the place of a blob. */
  void put(String name, String key, byte[] bytes) {
    try (BlobStore store = BlobStores.open("memory:" + name)) {
      store.delete(key);
      boolean unused = store.putIfAbsent(key, bytes);
    }
  }
}

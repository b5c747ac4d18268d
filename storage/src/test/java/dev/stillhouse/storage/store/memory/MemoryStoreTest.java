package dev.stillhouse.storage.store.memory;

import dev.stillhouse.storage.store.RegionStore;
import dev.stillhouse.storage.store.RegionStoreContractTest;

class MemoryStoreTest extends RegionStoreContractTest {
  @Override
  protected RegionStore open() {
    return new MemoryStore("here");
  }
}

package dev.stillhouse.storage.store.memory;

import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStoreContractTest;

class MemoryStoreTest extends BlobStoreContractTest {
  @Override
  protected BlobStore open() {
    return new MemoryStore("here");
  }
}

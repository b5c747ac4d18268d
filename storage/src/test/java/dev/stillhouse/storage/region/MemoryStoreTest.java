package dev.stillhouse.storage.region;

class MemoryStoreTest extends RegionStoreContractTest {
  @Override
  protected RegionStore open() {
    return new MemoryStore("here");
  }
}

package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.store.RegionStore;
import dev.stillhouse.storage.store.RegionStoreContractTest;
import dev.stillhouse.storage.store.Regions;

class S3StoreTest extends RegionStoreContractTest {
  @Override
  protected RegionStore open() {
    return Regions.open(S3Server.freshStore(), "here");
  }
}

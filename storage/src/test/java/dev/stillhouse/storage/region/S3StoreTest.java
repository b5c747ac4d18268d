package dev.stillhouse.storage.region;

class S3StoreTest extends RegionStoreContractTest {
  @Override
  protected RegionStore open() {
    return Regions.open(S3Server.freshStore(), "here");
  }
}

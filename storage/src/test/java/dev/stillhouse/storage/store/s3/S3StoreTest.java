package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStoreContractTest;
import dev.stillhouse.storage.store.BlobStores;

class S3StoreTest extends BlobStoreContractTest {
  @Override
  protected BlobStore open() {
    return BlobStores.open(S3Server.freshStore(), "here");
  }
}

package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStoreContractTest;
import dev.stillhouse.storage.store.BlobStores;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class S3StoreTest extends BlobStoreContractTest {
  @Override
  protected BlobStore open() {
    return BlobStores.open(S3Server.freshStore(), "here");
  }
}

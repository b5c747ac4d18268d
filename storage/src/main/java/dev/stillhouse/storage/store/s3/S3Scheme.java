package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.store.StoreName;
import dev.stillhouse.storage.store.StoreScheme;

/** Names places in S3 buckets. The S3 client is loaded when a store is opened. */
public final class S3Scheme implements StoreScheme {
  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public String form() {
    return "s3://bucket/prefix";
  }

  @Override
  public StoreName parse(String name) {
    return S3Name.parse(name);
  }
}

package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;

/** Says which header a shard of a dataset must have. A shard of another dataset is refused. */
final class ShardHeaders {
  private ShardHeaders() {}

  static ShardHeader expected(Manifest manifest, ShardRecord shard) {
    return manifest
        .identity()
        .header(
            manifest.vocabulary(),
            manifest.sequenceLength(),
            shard.firstSequence(),
            shard.sequences());
  }

  static void check(String key, ShardHeader found, Manifest manifest, ShardRecord shard) {
    ShardHeader expected = expected(manifest, shard);
    if (!found.equals(expected)) {
      throw new DamagedBlobException(
          key,
          0,
          "this is a shard of another dataset: its header says "
              + found
              + ", the manifest says "
              + expected);
    }
  }
}

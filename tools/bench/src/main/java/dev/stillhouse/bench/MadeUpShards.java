package dev.stillhouse.bench;

import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.manifest.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes records of shards that do not exist: of 512 sequences of 512 tokens, sixteen of a corpus
 * split.
 */
final class MadeUpShards {
  private static final int SEQUENCES = 512;
  private static final int LENGTH = 512;
  private static final int PER_UNIT = 16;

  private final Random random = new Random(7);

  /** Returns a first version with this number of shards. */
  Manifest first(int shards) {
    return manifest(1, shards(0, shards), splits(0, shards));
  }

  /** Returns a version that adds shards to another. */
  Manifest after(Manifest base, int added) {
    int before = base.shards().size();
    List<String> splits = new ArrayList<>(base.units());
    splits.addAll(splits(before, added));
    return manifest(base.version() + 1, base.shardsAnd(shards(base.sequences(), added)), splits);
  }

  private static Manifest manifest(long version, List<ShardRecord> shards, List<String> splits) {
    Identity identity =
        new Identity(
            Identity.corpus(splits), "gpt2", "packing", "teacher", "top-k:64", "adaptive", "a-1");
    return Manifest.of(version, identity, "gpt2", "made up", 50_257, LENGTH, splits, shards);
  }

  private static List<String> splits(int before, int shards) {
    List<String> splits = new ArrayList<>();
    for (int i = 0; i < shards; i += PER_UNIT) {
      splits.add(Hashes.sha256("unit " + (before + i)));
    }
    return splits;
  }

  private List<ShardRecord> shards(long first, int count) {
    List<ShardRecord> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long positions = (long) SEQUENCES * LENGTH - random.nextInt(LENGTH);
      shards.add(
          new ShardRecord(
              blob(30_000_000),
              first + (long) i * SEQUENCES,
              hash(),
              new Totals(
                  positions,
                  positions - random.nextInt(1_000),
                  positions * 64,
                  -3 * random.nextDouble() * positions,
                  3 * random.nextDouble() * positions,
                  0.1 * random.nextDouble() * positions),
              new TokenShardRecord(
                  blob(900_000), (long) (i % PER_UNIT) * SEQUENCES, SEQUENCES, positions)));
    }
    return shards;
  }

  private BlobRecord blob(int bytes) {
    return new BlobRecord(
        hash(),
        bytes + random.nextInt(bytes),
        20_000 + random.nextInt(1_000),
        String.format("%08x", random.nextInt()));
  }

  private String hash() {
    return String.format(
        "%016x%016x%016x%016x",
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }
}

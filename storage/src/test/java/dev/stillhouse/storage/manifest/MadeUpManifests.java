package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Manifests of shards that are nowhere, and any manifest with its shards in lists. */
public final class MadeUpManifests {
  private static final int LENGTH = 8;

  private MadeUpManifests() {}

  /** A version with so many shards. */
  public static Manifest of(long version, List<ShardRecord> shards) {
    List<String> units = List.of(Hashes.sha256("unit"));
    Identity identity =
        new Identity(Identity.corpus(units), "tok", "pack", "te", "top-k:4", "rows", "a-1");
    return Manifest.of(version, identity, "bytes", "made up", 16, LENGTH, units, shards);
  }

  /** The same version as it is written when it has very many shards, whatever it has. */
  public static Manifest listed(Manifest manifest, int shardsPerList) {
    return manifest.inLists(shardsPerList);
  }

  /** Shards that follow one another from a sequence on. */
  public static List<ShardRecord> shards(long seed, long first, int count) {
    Random random = new Random(seed);
    List<ShardRecord> shards = new ArrayList<>();
    long unitEnd = 0;
    for (int i = 0; i < count; i++) {
      int sequences = 1 + random.nextInt(9);
      int positions = 1 + random.nextInt(sequences * LENGTH);
      Totals totals =
          new Totals(
              positions,
              random.nextInt(positions),
              random.nextLong(Long.MAX_VALUE),
              -9 * random.nextDouble(),
              i % 5 == 0 ? -0.0 : random.nextDouble(),
              random.nextInt(9) / 10.0);
      long unitStart = i == 0 || random.nextBoolean() ? 0 : unitEnd;
      unitEnd = unitStart + sequences;
      TokenShardRecord tokens = new TokenShardRecord(blob(random), unitStart, sequences, positions);
      shards.add(new ShardRecord(blob(random), first, hash(random), totals, tokens));
      first += sequences;
    }
    return shards;
  }

  private static BlobRecord blob(Random random) {
    int footer = random.nextInt(1_000);
    return new BlobRecord(
        hash(random), footer + random.nextLong(1L << 40), footer, hash(random).substring(0, 8));
  }

  private static String hash(Random random) {
    return Hashes.sha256("hash " + random.nextLong());
  }
}

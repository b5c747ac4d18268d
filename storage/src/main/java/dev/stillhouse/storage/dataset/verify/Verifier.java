package dev.stillhouse.storage.dataset.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Verifies one region's copy of a shard: every byte (law 6), and that each statistic belongs to its
 * token (law 1). Memory is a few sequences, whatever the shard's size.
 */
public final class Verifier {
  private static final int PIECE_BYTES = 8 << 20;

  private final BlobStore store;
  private final ReplicaReader reader;
  private final ShardBlobs blobs;
  private final Manifest manifest;

  /** Creates a verifier of the copies in {@code store}. */
  public Verifier(BlobStore store, Ledger ledger, Manifest manifest) {
    this.store = store;
    this.reader = new ReplicaReader(ImmutableList.of(store), ledger);
    this.blobs = new ShardBlobs(reader);
    this.manifest = manifest;
  }

  /** Returns all that is wrong with a shard and its token shard; empty if nothing is. */
  public List<Damage> verify(ShardRecord shard) {
    List<Damage> damages = bytes(shard);
    return damages.isEmpty() ? statistics(shard) : damages;
  }

  /** Returns what is wrong with their bytes. */
  public List<Damage> bytes(ShardRecord shard) {
    List<Damage> damages = new ArrayList<>();
    check(shard.tokens().key(), damages, () -> bytes(shard.tokens().key(), shard.tokens().blob()));
    check(shard.key(), damages, () -> bytes(shard.key(), shard.blob()));
    return damages;
  }

  /** Returns what is wrong with their content. Their bytes must be right. */
  public List<Damage> statistics(ShardRecord shard) {
    List<Damage> damages = new ArrayList<>();
    check(
        shard.key(),
        damages,
        () -> new VerifyingShardReader(blobs, manifest).read(shard, batch -> {}));
    return damages;
  }

  private void check(String key, List<Damage> damages, Runnable task) {
    try {
      task.run();
    } catch (DataException e) {
      DataException told = e.getCause() instanceof DamagedBlobException cause ? cause : e;
      damages.add(Damage.of(key, store.region(), told));
    }
  }

  /** Checks length, footer, every checksummed segment, and the sha256 of the whole. */
  private void bytes(String key, BlobRecord blob) {
    OptionalLong size = store.size(key);
    if (size.isEmpty()) {
      throw new MissingBlobException(store.region(), key);
    }
    if (size.getAsLong() != blob.bytes()) {
      throw new DamagedBlobException(
          key,
          size.getAsLong(),
          "has " + size.getAsLong() + " bytes, the dataset says " + blob.bytes());
    }
    Footer footer = blobs.footer(key, blob);
    Hasher sha256 = Hashing.sha256().newHasher();
    List<ByteRange> ranges = new ArrayList<>(footer.body(PIECE_BYTES));
    long bodyStart = ranges.isEmpty() ? 0 : ranges.get(0).offset();
    sha256.putBytes(read(key, new ByteRange(0, (int) bodyStart)));
    for (ByteRange range : ranges) {
      ByteBuffer bytes = read(key, range);
      footer.check(range.offset(), bytes);
      sha256.putBytes(bytes);
    }
    sha256.putBytes(read(key, Footer.range(key, blob.bytes(), blob.footerBytes())));
    String found = sha256.hash().toString();
    if (!found.equals(blob.sha256())) {
      throw new DamagedBlobException(key, 0, "sha256 is " + found + ", its name says otherwise");
    }
  }

  private ByteBuffer read(String key, ByteRange range) {
    return reader.read(key, List.of(range)).get(0);
  }
}

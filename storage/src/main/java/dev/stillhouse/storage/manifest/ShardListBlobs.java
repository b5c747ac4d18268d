package dev.stillhouse.storage.manifest;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.SideBySide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads and writes lists of shards as blobs. They are put before the manifest that names them (law
 * 5). They are read whole, checked against their sha256 (law 6), several at a time.
 */
final class ShardListBlobs {
  private static final Map<String, String> METADATA = Map.of("stillhouse.kind", "shards");

  private final BlobStore home;
  private final ReplicaReader reader;

  /** Lists that are still in use: versions share them. */
  private final Cache<String, ShardList> held = CacheBuilder.newBuilder().weakValues().build();

  ShardListBlobs(BlobStore home, ReplicaReader reader) {
    this.home = home;
    this.reader = reader;
  }

  /** Puts the lists that home lacks. All of them are there when this returns. */
  List<ListRecord> put(ShardLists shards) {
    return shards.lists().stream().map(this::put).toList();
  }

  private ListRecord put(ShardList list) {
    ListRecord stored = list.stored();
    if (stored != null && right(stored)) {
      return stored;
    }
    Path file = home.scratch().resolve(UUID.randomUUID().toString());
    try {
      SealedFile sealed = ShardList.COLUMNS.write(file, list.shards(), list.columns(), METADATA);
      ListRecord record =
          new ListRecord(sealed.sha256(), sealed.bytes(), list.shards(), list.firstSequence());
      if (!home.putIfAbsent(record.key(), file) && !right(record)) {
        home.replace(record.key(), file);
      }
      list.storedAs(record);
      return record;
    } catch (IOException e) {
      throw new DataException("cannot write a list of shards: " + e.getMessage(), e);
    } finally {
      BlobCopy.delete(file);
    }
  }

  /** Returns whether home has that list under its name. */
  private boolean right(ListRecord list) {
    return ContentBlob.isRight(home, list.key(), list.sha256(), list.bytes());
  }

  /** Reads lists from the first regions whose copies are right. */
  ShardLists read(List<ListRecord> lists) {
    return new ShardLists(SideBySide.map(lists, this::read));
  }

  private ShardList read(ListRecord list) {
    ShardList known = held.getIfPresent(list.key());
    if (known != null && list.equals(known.stored())) {
      return known;
    }
    ByteRange whole = new ByteRange(0, Math.toIntExact(list.bytes()));
    ShardList read;
    try {
      read = reader.read(list.key(), List.of(whole), bytes -> parse(list, bytes.get(0)));
    } catch (MissingBlobException e) {
      // Who asked for a manifest must not take it for the missing one.
      throw new DataException(e.getMessage() + "; a manifest names it", e);
    }
    held.put(list.key(), read);
    return read;
  }

  /** Reads and checks one copy. */
  private static ShardList parse(ListRecord list, ByteBuffer bytes) {
    String sha256 = Hashing.sha256().hashBytes(bytes.duplicate()).toString();
    if (!sha256.equals(list.sha256())) {
      throw new DamagedBlobException(
          list.key(), 0, "sha256 is " + sha256 + ", need " + list.sha256());
    }
    ShardList shards =
        new ShardList(list.shards(), ShardList.COLUMNS.read(list.key(), bytes, list.shards()));
    ShardListCheck.check(list, shards);
    return shards.storedAs(list);
  }
}

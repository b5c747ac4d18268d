package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies blobs from a right copy into a store: as a stream through a scratch file, checked against
 * the sha256 on the way, so that memory does not depend on the blob's size.
 */
public final class BlobCopy {
  private static final Logger LOG = LoggerFactory.getLogger(BlobCopy.class);

  private final ReplicaReader from;
  private final BlobStore to;

  public BlobCopy(ReplicaReader from, BlobStore to) {
    this.from = from;
    this.to = to;
  }

  /** Returns whether the store has the blob. A copy of the right length is read. */
  private boolean there(LiveBlob blob) {
    return ContentBlob.isRight(to, blob.key(), blob.sha256(), blob.bytes());
  }

  /** Puts a blob unless it is there; a damaged copy is replaced. */
  public void putMissing(LiveBlob blob) {
    if (!there(blob)) {
      put(blob);
    }
  }

  /**
   * Puts a blob unless it is there, and reads back what was put. If that is wrong, it is put once
   * more.
   *
   * @param back reads the store that is written to
   * @return whether it was put
   */
  public boolean putProved(LiveBlob blob, ReplicaReader back) {
    if (there(blob)) {
      return false;
    }
    put(blob);
    try {
      back.check(blob.key(), blob.sha256());
    } catch (DamagedBlobException | MissingBlobException e) {
      LOG.warn("region {} gives back wrong bytes, put again: {}", to.region(), e.getMessage());
      replace(blob);
      checkOnceMore(blob, back);
    }
    return true;
  }

  private void checkOnceMore(LiveBlob blob, ReplicaReader back) {
    try {
      back.check(blob.key(), blob.sha256());
    } catch (DamagedBlobException | MissingBlobException e) {
      throw new DataException(
          "region " + to.region() + " does not give back what was put there: " + e.getMessage(), e);
    }
  }

  /** Puts a blob. An existing one under its name is damaged and is replaced. */
  public void put(LiveBlob blob) {
    if (to.size(blob.key()).isPresent()) {
      replace(blob);
      return;
    }
    Path file = fetch(blob.key(), blob.sha256());
    try {
      to.putIfAbsent(blob.key(), file);
    } finally {
      delete(file);
    }
  }

  /** Replaces a damaged or missing copy by a right one. */
  public void replace(LiveBlob blob) {
    Path file = fetch(blob.key(), blob.sha256());
    try {
      to.replace(blob.key(), file);
    } finally {
      delete(file);
    }
  }

  /** Replaces a damaged or missing copy by these bytes, which are right. */
  public static void replace(BlobStore to, String key, byte[] right) {
    Path file = to.scratch().resolve(UUID.randomUUID().toString());
    try {
      Files.write(file, right);
      to.replace(key, file);
    } catch (IOException e) {
      throw new DataException("cannot write a copy of " + key + ": " + e.getMessage(), e);
    } finally {
      delete(file);
    }
  }

  private Path fetch(String key, String sha256) {
    Path file = to.scratch().resolve(UUID.randomUUID().toString());
    try {
      from.readTo(key, sha256, file);
      return file;
    } catch (RuntimeException | Error e) {
      delete(file);
      throw e;
    }
  }

  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("scratch file {} stays behind: {}", file, e.getMessage());
    }
  }
}

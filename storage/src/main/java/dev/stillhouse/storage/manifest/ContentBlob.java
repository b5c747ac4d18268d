package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts blobs that are named by their content. An existing blob under such a name is read, once, and
 * replaced unless it has that content: otherwise a damaged copy would prevent its own repair.
 */
public final class ContentBlob {
  private static final Logger LOG = LoggerFactory.getLogger(ContentBlob.class);

  private ContentBlob() {}

  /** Puts a blob from a file. */
  public static void put(BlobStore to, String key, Path file) {
    try {
      if (!to.putIfAbsent(key, file) && wrong(to, key, Files.size(file))) {
        to.replace(key, file);
      }
    } catch (IOException e) {
      throw new DataException("cannot write " + key + ": " + e.getMessage(), e);
    }
  }

  /** Puts a blob from memory. */
  public static void put(BlobStore to, String key, byte[] bytes) {
    if (!to.putIfAbsent(key, bytes) && wrong(to, key, bytes.length)) {
      BlobCopy.replace(to, key, bytes);
    }
  }

  private static boolean wrong(BlobStore to, String key, long bytes) {
    if (isRight(to, key, BlobKind.sha256(key).orElseThrow(), bytes)) {
      return false;
    }
    LOG.warn("region {}: {} is not what its name says; it is replaced", to.region(), key);
    return true;
  }

  /**
   * Returns whether a store has a blob of this content. One of the right length is read. Failures
   * of the store are thrown.
   */
  static boolean isRight(BlobStore store, String key, String sha256, long bytes) {
    if (!store.size(key).equals(OptionalLong.of(bytes))) {
      return false;
    }
    try {
      return BookedStore.readerOf(store).check(key, sha256) == bytes;
    } catch (DamagedBlobException | MissingBlobException e) {
      LOG.warn("region {}: {}", store.region(), e.getMessage());
      return false;
    }
  }
}

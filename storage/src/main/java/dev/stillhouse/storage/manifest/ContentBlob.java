package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts blobs that are named by their content, and whose right bytes are at hand. What lies under
 * such a name in another length was torn when it was put, or since, and gives way: else whoever
 * writes it again would find it in the way for ever.
 */
public final class ContentBlob {
  private static final Logger LOG = LoggerFactory.getLogger(ContentBlob.class);

  private ContentBlob() {}

  /** Puts a blob from a file. */
  public static void put(BlobStore to, String key, Path file) {
    try {
      if (!to.putIfAbsent(key, file) && torn(to, key, Files.size(file))) {
        to.replace(key, file);
      }
    } catch (IOException e) {
      throw new DataException("cannot write " + key + ": " + e.getMessage(), e);
    }
  }

  /** The same from memory. */
  public static void put(BlobStore to, String key, byte[] bytes) {
    if (!to.putIfAbsent(key, bytes) && torn(to, key, bytes.length)) {
      BlobCopy.replace(to, key, bytes);
    }
  }

  private static boolean torn(BlobStore to, String key, long bytes) {
    OptionalLong there = to.size(key);
    boolean torn = there.isPresent() && there.getAsLong() != bytes;
    if (torn) {
      LOG.warn(
          "region {}: {} has {} bytes, need {}; it is replaced",
          to.region(),
          key,
          there.getAsLong(),
          bytes);
    }
    return torn;
  }
}

package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.StoreName;
import java.util.regex.Pattern;

/**
 * A replica of a dataset.
 *
 * @param name unique among the dataset's replicas; {@code home} is the dataset's own
 * @param store name of its store: absolute path or URI
 */
public record ReplicaRecord(String name, String store) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

  public ReplicaRecord {
    if (!safe(name) || name.equals(BlobStores.HOME)) {
      throw DataException.of(
          "a region's name must not be '%s': need 1 to 64 letters, digits, '.', '-' and '_', no"
              + " '.' or '-' first, and not home",
          name);
    }
    try {
      if (!StoreName.parse(store).absolute()) {
        throw DataException.of(
            "region %s: '%s' is no absolute path or URI of a store", name, store);
      }
    } catch (UsageException e) {
      throw new DataException("region " + name + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether a replica may have this name. */
  public static boolean safe(String name) {
    return NAME.matcher(name).matches();
  }
}

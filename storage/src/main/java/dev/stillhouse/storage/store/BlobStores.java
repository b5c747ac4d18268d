package dev.stillhouse.storage.store;

/** Opens stores by name. */
public final class BlobStores {
  /** Name of the region in which a dataset is committed. */
  public static final String HOME = "home";

  private BlobStores() {}

  /** The store of a {@linkplain StoreName name}, as the region {@code home}. */
  public static BlobStore open(String name) {
    return open(name, HOME);
  }

  /** The store of a {@linkplain StoreName name}, as a region of that name. */
  public static BlobStore open(String name, String region) {
    return StoreName.parse(name).open(region);
  }
}

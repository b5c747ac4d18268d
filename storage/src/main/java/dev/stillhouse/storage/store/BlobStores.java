package dev.stillhouse.storage.store;

/** Opens stores by name. */
public final class BlobStores {
  /** Name of the region in which a dataset is committed. */
  public static final String HOME = "home";

  private BlobStores() {}

  /**
   * Opens the store of a {@linkplain StoreName name}, as the region {@code home}.
   *
   * @throws dev.stillhouse.storage.UsageException if the name is none
   */
  public static BlobStore open(String name) {
    return open(name, HOME);
  }

  /**
   * Opens the store of a {@linkplain StoreName name}, as a region of that name.
   *
   * @throws dev.stillhouse.storage.UsageException if the name is none
   */
  public static BlobStore open(String name, String region) {
    return StoreName.parse(name).open(region);
  }
}

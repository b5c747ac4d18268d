package dev.stillhouse.storage.elsewhere;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.StoreName;
import dev.stillhouse.storage.store.StoreScheme;

/** A scheme of somebody else's, {@code shelf:name}, made of what is public alone. */
public final class ShelfScheme implements StoreScheme {
  @Override
  public String scheme() {
    return "shelf";
  }

  @Override
  public String form() {
    return "shelf:name";
  }

  @Override
  public StoreName parse(String name) {
    String shelf = name.substring("shelf:".length());
    if (shelf.isEmpty()) {
      throw new UsageException("a shelf is named shelf:name");
    }
    return new ShelfName(shelf);
  }

  private record ShelfName(String shelf) implements StoreName {
    @Override
    public StoreName real() {
      return this;
    }

    @Override
    public boolean absolute() {
      return true;
    }

    @Override
    public String lastPart() {
      return shelf;
    }

    @Override
    public boolean liesIn(StoreName other) {
      return false;
    }

    @Override
    public BlobStore open(String region) {
      return new Shelf(BlobStores.open("memory:shelf-" + shelf, region));
    }

    @Override
    public String toString() {
      return "shelf:" + shelf;
    }
  }

  private static final class Shelf extends ForwardingStore {
    Shelf(BlobStore store) {
      super(store);
    }
  }
}

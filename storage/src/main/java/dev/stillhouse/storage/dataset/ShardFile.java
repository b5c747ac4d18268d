package dev.stillhouse.storage.dataset;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.Suppliers;
import com.google.common.cache.Cache;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.fetch.FetchedFile;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.replica.ReplicaReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A shard's or token shard's file. Its footer is read once, and kept while the file is in use. */
final class ShardFile implements FetchedFile {
  private final ReplicaReader replicas;
  private final String key;
  private final BlobRecord blob;
  private final int rows;
  private final Cache<String, Opened> kept;
  private volatile @Nullable Opened opened;

  /** A file's footer, and the reader of its shard, which is made on first use. */
  record Opened(Footer footer, Supplier<ShardReader> reader) {
    Opened(Footer footer) {
      this(footer, Suppliers.memoize(() -> Layouts.reader(footer)));
    }
  }

  /**
   * Creates a file.
   *
   * @param kept footers of files that were read last
   */
  ShardFile(
      ReplicaReader replicas, String key, BlobRecord blob, int rows, Cache<String, Opened> kept) {
    this.replicas = replicas;
    this.key = key;
    this.blob = blob;
    this.rows = rows;
    this.kept = kept;
  }

  @Override
  public ReplicaReader reader() {
    return replicas;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long bytes() {
    return blob.bytes();
  }

  @Override
  public ByteRange footer() {
    return Footer.range(key, blob.bytes(), blob.footerBytes());
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public boolean opened() {
    if (opened == null) {
      opened = kept.getIfPresent(name());
    }
    return opened != null;
  }

  @Override
  public void open(ByteBuffer footer) {
    keep(new Opened(Footer.parse(key, blob.bytes(), footer, blob.crc())));
  }

  /** Returns the footer, which is read if it is not known. */
  Opened read() {
    if (!opened()) {
      keep(
          replicas.read(
              key,
              List.of(footer()),
              bytes -> new Opened(Footer.parse(key, blob.bytes(), bytes.get(0), blob.crc()))));
    }
    return checkNotNull(opened);
  }

  private void keep(Opened value) {
    opened = value;
    kept.put(name(), value);
  }

  /** Returns the key and the checksum that the caller's record has: two records may differ. */
  String name() {
    return key + blob.footerCrc32c();
  }
}

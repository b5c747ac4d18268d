package dev.stillhouse.storage.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Pages whose bytes were fetched and checked. An uncompressed page is lent where it lies; another
 * is inflated into one of a few places, which are reused.
 */
public final class FetchedPages implements AutoCloseable {
  /** Number of pages that may be open at a time. */
  public static final int PLACES = 4;

  private final RowPages pages;
  private final List<ByteRange> ranges;
  private final List<ByteBuffer> bytes;
  private final long[] starts;
  private final byte[][] places = new byte[PLACES][0];
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private int group;

  FetchedPages(RowPages pages, List<ByteRange> ranges, List<ByteBuffer> bytes) {
    this.pages = pages;
    this.ranges = ranges;
    this.bytes = bytes;
    this.starts = ranges.stream().mapToLong(ByteRange::offset).toArray();
  }

  /** Returns the plain bytes that a page claims to have. */
  public int length(int column, int row) {
    ByteRange at = find(column, row);
    PageHeaders.Header header = PageHeaders.read(pages.footer().blob(), at.offset(), slice(at));
    if (header.plainLength() > ZstdCodecs.maxOf(at.length())) {
      throw damaged(
          column,
          row,
          at.length() + " bytes say that " + header.plainLength() + " come of them, too many");
    }
    return header.plainLength();
  }

  /**
   * Opens a page.
   *
   * @param place where it is kept open, below {@link #PLACES}
   * @param max plain bytes that it may have; a larger page is not inflated
   */
  public PlainPage open(int place, int column, int row, int max) {
    ByteRange at = find(column, row);
    ByteBuffer slice = slice(at);
    PageHeaders.Header header = PageHeaders.read(pages.footer().blob(), at.offset(), slice);
    int packed = slice.remaining();
    int plain = header.plainLength();
    if (packed != header.storedLength()
        || plain > max
        || (!header.compressed() && plain != packed)) {
      throw damaged(
          column,
          row,
          String.format(
              "a page says %d bytes of %d; it has %d, and at most %d may come of them",
              header.storedLength(), plain, packed, max));
    }
    if (!header.compressed() && slice.hasArray()) {
      return new PlainPage(slice.array(), slice.arrayOffset() + slice.position(), plain);
    }
    if (places[place].length < plain) {
      places[place] = new byte[plain];
    }
    byte[] into = places[place];
    if (!header.compressed()) {
      slice.get(into, 0, plain);
      return new PlainPage(into, 0, plain);
    }
    inflate(column, row, slice, into, plain);
    return new PlainPage(into, 0, plain);
  }

  private void inflate(int column, int row, ByteBuffer packed, byte[] into, int plain) {
    byte[] array;
    int from = 0;
    if (packed.hasArray()) {
      array = packed.array();
      from = packed.arrayOffset() + packed.position();
    } else {
      array = new byte[packed.remaining()];
      packed.duplicate().get(array);
    }
    try {
      int written = zstd.decompressByteArray(into, 0, plain, array, from, packed.remaining());
      if (written == plain) {
        return;
      }
      throw damaged(column, row, "a page inflates to " + written + " bytes, not to " + plain);
    } catch (ZstdException e) {
      throw damaged(column, row, "a page of " + plain + " bytes is no zstd: " + e.getMessage());
    }
  }

  /** Returns an error at a page. */
  public DamagedBlobException damaged(int column, int row, String reason) {
    return new DamagedBlobException(
        pages.footer().blob(),
        find(column, row).offset(),
        "column " + pages.name(column) + ", row " + row + ": " + reason);
  }

  private ByteRange find(int column, int row) {
    group = pages.groupOf(row, row < pages.start(group) ? 0 : group);
    return pages.page(group, column, row);
  }

  private ByteBuffer slice(ByteRange at) {
    int range = Arrays.binarySearch(starts, at.offset());
    range = range < 0 ? -range - 2 : range;
    if (range < 0 || at.end() > ranges.get(range).end()) {
      throw new DamagedBlobException(
          pages.footer().blob(), at.offset(), "a page lies outside of what was asked for");
    }
    ByteBuffer all = bytes.get(range);
    return all.slice(
        all.position() + (int) (at.offset() - ranges.get(range).offset()), at.length());
  }

  @Override
  public void close() {
    zstd.close();
  }
}

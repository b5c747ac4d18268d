package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Footer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Law 6: no byte that a reader uses may change unnoticed. The manifest's checksum of the footer is
 * right, the bytes are not: what disks and networks do.
 */
@Tag("slow")
public abstract class DamageContractTest {
  private static final int MAGIC_BYTES = 4; // nobody reads the first
  private static final boolean EVERY_BIT = Boolean.getBoolean("stillhouse.everyBit");

  /** The layout under test. */
  protected abstract Layout layout();

  /** One bit of each, or with the system property {@code stillhouse.everyBit} all of them. */
  @Test
  void noticesAFlippedBitInEveryByte() {
    SmallShards shards = SmallShards.union(layout());
    SealedShard good = shards.good();
    Footer footer = good.footer();
    ShardReader reader = good.open();
    int rows = reader.header().sequences();
    List<ByteRange> ranges = reader.ranges(0, rows, Projection.ALL);
    for (int at = MAGIC_BYTES; at < good.bytes().length; at++) {
      for (int bit = EVERY_BIT ? 0 : at % 8; bit < (EVERY_BIT ? 8 : at % 8 + 1); bit++) {
        good.bytes()[at] ^= (byte) (1 << bit);
        String what = "bit " + bit + " of byte " + at + " of " + good.bytes().length;
        int place = at;
        if (at >= good.bytes().length - good.footerBytes()) {
          damaged(what, good::footer);
        } else {
          damaged(
              what,
              () -> {
                for (ByteRange range : footer.body(1 << 12)) {
                  footer.check(range.offset(), good.fetch(List.of(range)).get(0));
                }
              });
          if (ranges.stream().anyMatch(r -> r.offset() <= place && place < r.end())) {
            DamagedBlobException error =
                damaged(what, () -> reader.decode(0, rows, Projection.ALL, good.fetch(ranges)));
            assertTrue(error.offset() <= at, error.getMessage());
          }
        }
        good.bytes()[at] ^= (byte) (1 << bit);
      }
    }
    good.checkBody();
    new SameBatch(layout()).check(shards.batch(), 0, good.read(0, rows, Projection.ALL));
  }

  /** What is left out lies between: then a read has several ranges, each of which counts. */
  @Test
  void noticesAFlippedBitInEveryRangeOfAPartialRead() {
    SealedShard good = SmallShards.union(layout()).good();
    ShardReader reader = good.open();
    int rows = reader.header().sequences();
    for (Projection projection :
        List.of(
            new Projection(Set.of(Projection.Column.TARGET_LOG_PROB), 0),
            new Projection(Set.of(Projection.Column.ENTRIES, Projection.Column.ENTROPY), 1))) {
      List<ByteRange> ranges = reader.ranges(0, rows, projection);
      assertTrue(ranges.size() > 1, ranges.toString());
      for (ByteRange range : ranges) {
        for (int at = (int) range.offset(); at < range.end(); at++) {
          good.bytes()[at] ^= (byte) (1 << at % 8);
          damaged(
              "byte " + at + ", " + projection,
              () -> reader.decode(0, rows, projection, good.fetch(ranges)));
          good.bytes()[at] ^= (byte) (1 << at % 8);
        }
      }
    }
  }

  @Test
  void noticesTruncationAtEveryLength() {
    SealedShard good = SmallShards.union(layout()).good();
    for (int length = 0; length < good.bytes().length; length++) {
      SealedShard cut =
          new SealedShard(
              Arrays.copyOf(good.bytes(), length), good.footerBytes(), good.footerCrc32c());
      damaged("cut to " + length, cut::footer);
    }
  }

  /** A store that gives fewer bytes than it was asked for, or more. */
  @Test
  void noticesRangesOfAnotherLength() {
    SealedShard good = SmallShards.union(layout()).good();
    ShardReader reader = good.open();
    int rows = reader.header().sequences();
    List<ByteBuffer> fetched = good.fetch(reader.ranges(0, rows, Projection.ALL));
    for (int i = 0; i < fetched.size(); i++) {
      for (int length = 0; length <= fetched.get(i).limit() + 1; length++) {
        if (length != fetched.get(i).limit()) {
          ByteBuffer other = ByteBuffer.allocate(length);
          other.put(fetched.get(i).slice(0, Math.min(length, fetched.get(i).limit()))).rewind();
          List<ByteBuffer> some = new ArrayList<>(fetched);
          some.set(i, other);
          damaged(length + " bytes", () -> reader.decode(0, rows, Projection.ALL, some));
        }
      }
    }
  }

  @Test
  void noticesSwappedPieces() {
    SealedShard good = SmallShards.union(layout()).good();
    List<ByteRange> pieces = good.footer().body(1);
    for (int i = 0; i < pieces.size(); i++) {
      for (int j = i + 1; j < Math.min(i + 20, pieces.size()); j++) {
        byte[] swapped = swapped(good.bytes(), pieces.get(i), pieces.get(j));
        if (!Arrays.equals(swapped, good.bytes())) {
          SealedShard bad = new SealedShard(swapped, good.footerBytes(), good.footerCrc32c());
          Footer footer = good.footer();
          damaged(
              pieces.get(i) + " and " + pieces.get(j),
              () ->
                  footer
                      .body(1 << 12)
                      .forEach(
                          range -> footer.check(range.offset(), bad.fetch(List.of(range)).get(0))));
        }
      }
    }
  }

  private static byte[] swapped(byte[] bytes, ByteRange one, ByteRange two) {
    ByteBuffer swapped = ByteBuffer.allocate(bytes.length);
    swapped.put(bytes, 0, (int) one.offset());
    swapped.put(bytes, (int) two.offset(), two.length());
    swapped.put(bytes, (int) one.end(), (int) (two.offset() - one.end()));
    swapped.put(bytes, (int) one.offset(), one.length());
    swapped.put(bytes, (int) two.end(), bytes.length - (int) two.end());
    return swapped.array();
  }

  /** Blocks that a file system never wrote. */
  @Test
  void noticesZeroedBlocks() {
    SealedShard good = SmallShards.union(layout()).good();
    for (int block : new int[] {4096, 512, 64}) {
      for (int at = 0; at < good.bytes().length; at += block) {
        byte[] zeroed = good.bytes().clone();
        Arrays.fill(zeroed, at, Math.min(zeroed.length, at + block), (byte) 0);
        SealedShard bad = new SealedShard(zeroed, good.footerBytes(), good.footerCrc32c());
        if (!Arrays.equals(zeroed, good.bytes())) {
          damaged("block of " + block + " at " + at, bad::checkBody);
        }
      }
    }
  }

  private static DamagedBlobException damaged(String what, Executable reading) {
    DamagedBlobException error = assertThrows(DamagedBlobException.class, reading, what);
    assertEquals(SealedShard.BLOB, error.blob(), what);
    return error;
  }
}

package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A writer that means harm can seal whatever it wants: all checksums hold, and what is behind them
 * is tested. The kinds of damage of Apache's collection of bad Parquet files are among them.
 */
@Tag("slow")
public abstract class HostileContractTest {
  private static final boolean EVERY_BIT = Boolean.getBoolean("stillhouse.everyBit");

  /** The layout under test. */
  protected abstract Layout layout();

  @Test
  void readsWhatIsGood() {
    try (Hostility hostility = new Hostility()) {
      for (SmallShards shards : List.of(SmallShards.top(layout()), SmallShards.union(layout()))) {
        hostility.refusedOr("good", shards.good(), shards.batch(), layout());
        SealedShard again = new Forgery(shards.good()).seal();
        assertEquals(shards.good().bytes().length, again.bytes().length);
        new SameBatch(layout()).check(shards.batch(), 0, again.read(0, 3, Projection.ALL));
      }
    }
  }

  @Test
  void bearsAnyByteOfTheFooter() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      for (int at = good.bytes().length - good.footerBytes(); at < good.bytes().length; at++) {
        for (int bit = EVERY_BIT ? 0 : at % 8; bit < (EVERY_BIT ? 8 : at % 8 + 1); bit++) {
          byte[] bytes = good.bytes().clone();
          bytes[at] ^= (byte) (1 << bit);
          hostility.refusedOrLegal(
              "bit " + bit + " of footer's byte " + at,
              Forgery.resealed(bytes, good.footerBytes()));
        }
      }
    }
  }

  @Test
  void bearsAnyByteOfTheBody() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      BodySeal seal = new BodySeal(good);
      for (int at = 4; at < good.bytes().length - good.footerBytes(); at++) {
        for (int bit = EVERY_BIT ? 0 : at % 8; bit < (EVERY_BIT ? 8 : at % 8 + 1); bit++) {
          byte[] bytes = good.bytes().clone();
          bytes[at] ^= (byte) (1 << bit);
          hostility.refusedOrLegal("bit " + bit + " of byte " + at, seal.changed(bytes, at));
        }
      }
    }
  }

  @Test
  void refusesTruncationAtEveryLength() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      int footer = good.footerBytes();
      for (int length = 0; length < good.bytes().length; length++) {
        byte[] cut = Arrays.copyOf(good.bytes(), length);
        hostility.refused("cut to " + length, Forgery.resealed(cut, Math.min(length, footer)));
        // The end is there, what was before it not.
        byte[] late = Arrays.copyOfRange(good.bytes(), length + 1, good.bytes().length);
        hostility.refused("without the first " + length, Forgery.resealed(late, footer));
      }
    }
  }

  /** Random bytes of what pages inflate to. */
  @Test
  void bearsAnyPlainBytes() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.union(layout()).good();
      Random random = new Random(1);
      for (String column : new Forgery(good).columns()) {
        for (int i = 0; i < (EVERY_BIT ? 2000 : 40); i++) {
          Forgery forgery = new Forgery(good);
          List<Integer> pages = forgery.pages(column);
          int page = pages.get(random.nextInt(pages.size()));
          ForgedPage was = ForgedPage.of(forgery.piece(page));
          byte[] plain = was.plain().clone();
          for (int j = random.nextInt(3); j >= 0 && plain.length > 0; j--) {
            // The first bytes are lengths and levels.
            int at =
                random.nextInt(random.nextBoolean() ? plain.length : Math.min(12, plain.length));
            plain[at] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(3));
          }
          if (random.nextInt(8) == 0) {
            plain = Arrays.copyOf(plain, random.nextInt(2 * plain.length + 1));
          }
          forgery.replace(page, ForgedPage.holding(was.header(), plain));
          hostility.refusedOrLegal("column " + column + ", change " + i, forgery.seal());
        }
      }
    }
  }

  @Test
  void bearsPagesOfOtherPlaces() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      Forgery pristine = new Forgery(good);
      for (int i = 0; i < pristine.size(); i++) {
        for (int step : new int[] {1, 2, 7}) {
          Forgery forgery = new Forgery(good);
          int j = (i + step) % forgery.size();
          forgery.replace(i, pristine.piece(j));
          hostility.refusedOrLegal("piece " + j + " for " + i, forgery.seal());
          forgery.replace(j, pristine.piece(i));
          hostility.refusedOrLegal("piece " + j + " and " + i, forgery.seal());
        }
        Forgery forgery = new Forgery(good);
        forgery.replace(i, new byte[0]);
        hostility.refusedOrLegal("piece " + i + " empty", forgery.seal());
        forgery.replace(i, new byte[4096]);
        hostility.refusedOrLegal("piece " + i + " of zeros", forgery.seal());
      }
    }
  }

  @Test
  void bearsAnyPageHeader() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      for (String column : new Forgery(good).columns()) {
        for (PageHeaderLie lie : PageHeaderLie.all()) {
          Forgery forgery = new Forgery(good);
          int page = forgery.pages(column).get(0);
          byte[] piece = forgery.piece(page);
          PageHeader header = ForgedPage.of(piece).header();
          int headerBytes = ForgedPage.bytes(header, new byte[0]).length;
          byte[] body = Arrays.copyOfRange(piece, headerBytes, piece.length);
          lie.change().accept(header);
          forgery.replace(page, ForgedPage.bytes(header, body));
          hostility.refusedOrLegal(column + ": " + lie.name(), forgery.seal());
        }
      }
    }
  }

  /** A dictionary where none should be, with a number of values that no page has. */
  @Test
  void bearsDictionaries() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      for (String column : new Forgery(good).columns()) {
        for (int values : new int[] {-1, 0, 1, 1000, Integer.MAX_VALUE}) {
          Forgery forgery = new Forgery(good);
          int page = forgery.pages(column).get(0);
          ForgedPage was = ForgedPage.of(forgery.piece(page));
          PageHeader header =
              new PageHeader(PageType.DICTIONARY_PAGE, 0, 0)
                  .setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
          byte[] dictionary = ForgedPage.holding(header, new byte[64]);
          PageHeader data = was.header().deepCopy();
          if (data.isSetData_page_header()) {
            DataPageHeader inner = data.getData_page_header();
            inner.setEncoding(Encoding.RLE_DICTIONARY);
          }
          byte[] indexed = ForgedPage.holding(data, was.plain());
          byte[] both = Arrays.copyOf(dictionary, dictionary.length + indexed.length);
          System.arraycopy(indexed, 0, both, dictionary.length, indexed.length);
          forgery.replace(page, both);
          hostility.refusedOrLegal(column + ": dictionary of " + values, forgery.seal());
        }
      }
    }
  }
}

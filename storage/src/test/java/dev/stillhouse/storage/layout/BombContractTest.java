package dev.stillhouse.storage.layout;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.format.PageHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pages of a few kilobytes that inflate to gigabytes, checksums and all. */
@Tag("slow")
public abstract class BombContractTest {
  private static final int MAX = 64 << 20;
  private static final String[] PLANES = {
    "ids_0_low", "ids_0_high", "log_probs_0_high", "log_probs_0_low"
  };

  /** The layout under test. */
  protected abstract Layout layout();

  @Test
  void refusesPagesOfGigabytes() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      byte[] gibibyte = Bombs.zeros(1 << 30);
      byte[] max = Bombs.zeros(MAX);
      for (String column : new Forgery(good).columns()) {
        for (int claimed : new int[] {1, 1 << 10, MAX, MAX + 1, 1 << 30, Integer.MAX_VALUE}) {
          for (byte[] packed : List.of(gibibyte, max)) {
            Forgery forgery = new Forgery(good);
            int page = forgery.pages(column).get(0);
            PageHeader header = ForgedPage.of(forgery.piece(page)).header();
            header.setUncompressed_page_size(claimed).setCompressed_page_size(packed.length);
            if (header.isSetData_page_header_v2()) {
              header.getData_page_header_v2().setIs_compressed(true);
            }
            forgery.replace(page, ForgedPage.bytes(header, packed));
            hostility.refused(
                column + ": " + packed.length + " bytes as " + claimed, forgery.seal());
          }
        }
      }
    }
  }

  /** Levels and values of millions of entries at one position, all in order. */
  @Test
  void refusesListsOfMillions() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      Forgery forgery = new Forgery(good);
      String column = layout().name().equals("rows") ? "entries" : "ids";
      if (!forgery.columns().contains(column)) {
        return; // Such a layout has no lists.
      }
      int page = forgery.pages(column).get(0);
      PageHeader header = ForgedPage.of(forgery.piece(page)).header();
      for (int pages : new int[] {1, 2, 16}) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int entries = 15_000_000;
        for (int i = 0; i < pages; i++) {
          header.getData_page_header().setNum_values(entries);
          all.writeBytes(ForgedPage.holding(header, list(entries, i == 0)));
        }
        Forgery bomb = new Forgery(good);
        bomb.replace(page, all.toByteArray());
        long values = (long) pages * entries;
        bomb.footer.getRow_groups().get(0).getColumns().get(4).getMeta_data().setNum_values(values);
        hostility.refused(values + " entries", bomb.seal());
        if (pages == 1) {
          bomb.metadata("stillhouse.vocabulary", was -> Integer.toString(Integer.MAX_VALUE));
          hostility.refused(values + " entries of a vocabulary", bomb.seal());
        }
      }
    }
  }

  /** A page of one list that goes on and on. */
  private static byte[] list(int entries, boolean first) {
    ByteBuffer page = ByteBuffer.allocate(4 * entries + 64).order(ByteOrder.LITTLE_ENDIAN);
    int start = page.position();
    page.putInt(0);
    if (first) {
      run(page, 1, 0);
    }
    run(page, entries - (first ? 1 : 0), 2);
    page.putInt(start, page.position() - start - 4);
    start = page.position();
    page.putInt(0);
    run(page, entries, 2);
    page.putInt(start, page.position() - start - 4);
    byte[] plain = new byte[page.position() + 4 * entries];
    page.get(0, plain, 0, page.position());
    return plain;
  }

  private static void run(ByteBuffer out, int many, int level) {
    int left = many << 1;
    while (left >>> 7 != 0) {
      out.put((byte) (left | 0x80));
      left >>>= 7;
    }
    out.put((byte) left).put((byte) level);
  }

  /** Counts of entries that planes of zeros bear out, up to what a sequence may have and above. */
  @Test
  void bearsPlanesOfMillions() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      if (!new Forgery(good).columns().contains("kept")) {
        return; // Such a layout has no planes.
      }
      // 1 << 21 are allowed and read in as little room; loops that are not compiled yet make
      // garbage.
      for (int kept : new int[] {1 << 10, 1 << 14, 1 << 22, 1 << 24, Integer.MAX_VALUE}) {
        Forgery forgery = new Forgery(good);
        forgery.metadata("stillhouse.vocabulary", was -> Integer.toString(1 << 24));
        byte[] constant = {-1, (byte) kept, (byte) (kept >> 8), (byte) (kept >> 16), 0};
        constant[4] = (byte) (kept >> 24);
        value(forgery, "kept", constant);
        for (String plane : PLANES) {
          if (forgery.columns().contains(plane)) {
            value(forgery, plane, new byte[(int) Math.min(MAX - 4, 8L * kept)]);
          }
        }
        hostility.refusedOrLegal(kept + " entries at each position", forgery.seal());
      }
    }
  }

  private static void value(Forgery forgery, String column, byte[] value) {
    int page = forgery.pages(column).get(0);
    PageHeader header = ForgedPage.of(forgery.piece(page)).header();
    header.getData_page_header_v2().setIs_compressed(true);
    ByteBuffer plain = ByteBuffer.allocate(4 + value.length).order(ByteOrder.LITTLE_ENDIAN);
    plain.putInt(value.length).put(value);
    forgery.replace(page, ForgedPage.holding(header, plain.array()));
  }
}

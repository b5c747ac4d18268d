package dev.stillhouse.storage.layout;

import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Footers that declare what is not there, sealed as if it were. */
@Tag("slow")
public abstract class HostileFooterContractTest {
  /** The layout under test. */
  protected abstract Layout layout();

  @Test
  void bearsAbsurdFooters() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.union(layout()).good();
      for (FooterLie lie : FooterLie.all()) {
        Forgery forgery = new Forgery(good);
        lie.change().accept(forgery);
        hostility.refusedOrLegal(lie.name(), forgery.seal());
      }
    }
  }

  @Test
  void bearsHostileMetadata() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.union(layout()).good();
      for (FooterLie lie : MetadataLies.all(new Forgery(good).footer)) {
        Forgery forgery = new Forgery(good);
        lie.change().accept(forgery);
        hostility.refusedOrLegal(lie.name(), forgery.seal());
      }
    }
  }

  /** The readers of a shard know no statistic, layout or number that is not one. */
  @Test
  void refusesHeadersThatMakeNoSense() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      String[][] bad = {
        {"layout", "adaptive:bound=x"},
        {"layout", "adaptive:bound=NaN"},
        {"layout", "rows:x"},
        {"layout", "no-such"},
        {"layout", ""},
        {"statistic", "zop-k:3"},
        {"statistic", "top-k:99999999999999999999"},
        {"statistic", "top-k:4+sample:999999999"},
        {"statistic", ""},
        {"vocabulary", "-1"},
        {"vocabulary", "x"},
        {"first_sequence", "9223372036854775807"},
        {"first_sequence", "-1"},
        {"sequences", "2"},
        {"sequences", "1000000000000"},
        {"sequence_length", "0"},
        {"sequence_length", "7"},
        {"sequence_length", "9"},
        {"sequence_length", "1048576"},
        {"sequence_length", "2147483647"},
        {"checksums", "x"},
        {"checksums", ""}
      };
      for (String[] pair : bad) {
        if (!pair[0].equals("checksums")) {
          Forgery forgery = new Forgery(good);
          forgery.metadata("stillhouse." + pair[0], was -> pair[1]);
          hostility.refused(pair[0] + " " + pair[1], forgery.seal());
        }
      }
    }
  }

  /** Sums that are no table, or tile the file otherwise: some of it would go unchecked. */
  @Test
  void refusesOtherChecksums() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      String text = good.footer().metadata(Forgery.CHECKSUMS);
      byte[] table = Base64.getDecoder().decode(text);
      byte[] shorter = Arrays.copyOf(table, table.length - 8);
      byte[] ragged = Arrays.copyOf(table, table.length - 1);
      byte[] wide = table.clone();
      Arrays.fill(wide, 0, 4, (byte) -1);
      for (byte[] other : new byte[][] {{}, shorter, ragged, wide}) {
        hostility.refused("a table of " + other.length, Forgery.withTable(good, other));
      }
      hostility.refused("no base64", Forgery.withTable(good, "?"));
      hostility.refused("a long text", Forgery.withTable(good, "?".repeat(1 << 20)));
    }
  }

  /** A field that nobody knows, of structs within structs: whoever skips it follows them down. */
  @Test
  void refusesBottomlessStructs() {
    try (Hostility hostility = new Hostility()) {
      SealedShard good = SmallShards.top(layout()).good();
      for (int depth : new int[] {100, 100_000, 1_000_000}) {
        hostility.refusedOrLegal(depth + " structs", Forgery.withUnknownStructs(good, depth));
      }
    }
  }
}

package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundingHistoryTest {
  private static final Layout ROWS = Layouts.named("rows");
  private static final Layout COLUMNS = Layouts.named("columns");

  private static Identity extracted(String layout) {
    return new Identity("c", "t", "p", "te", "s", layout, "k-1");
  }

  @Test
  void whatWasExactIsAsIfItHadBeenExtractedInto() {
    assertEquals(extracted("columns"), extracted("rows").in(COLUMNS));
    assertEquals(extracted("rows"), extracted("rows").in(ROWS));
  }

  @Test
  void whatWasRoundedSaysSoUntilItIsRoundedAlike() {
    Identity back = extracted("columns").in(ROWS);
    assertEquals(
        List.of("arithmetic: k-1 here, k-1+columns asked for"),
        extracted("rows").differences(back));
    assertEquals(extracted("columns"), back.in(COLUMNS), "rounding again changes nothing");
    assertEquals(back, extracted("columns").in(ROWS).in(COLUMNS).in(ROWS));
  }

  @Test
  void whatWasRoundedOtherwiseStaysTold() {
    RoundingHistory columns = RoundingHistory.of(extracted("columns"));
    RoundingHistory coarse = columns.in(new Coarse("coarse"));
    assertEquals("k-1+columns", coarse.arithmetic());
    assertEquals("k-1+columns+coarse", coarse.in(ROWS).arithmetic());
    assertEquals("k-1+columns+coarse", coarse.in(COLUMNS).arithmetic());
    assertEquals("k-1+columns", coarse.in(ROWS).in(new Coarse("coarse")).arithmetic());
    assertEquals("k-1", columns.in(new Coarse("float16")).arithmetic(), "it rounds as columns do");
  }

  @Test
  void boundsAddUpFromTheLastRoundingBack() {
    RoundingHistory rows = RoundingHistory.of(extracted("columns").in(ROWS));
    assertEquals(COLUMNS.bound(-3), rows.bound(-3));
    RoundingHistory both = RoundingHistory.of(extracted("columns")).in(new Coarse("coarse"));
    assertEquals(0.5f + 3.5f * 0x1p-11f, both.bound(-3));
    assertTrue(Float.isInfinite(both.bound(Float.NEGATIVE_INFINITY)));
  }

  @Test
  void aLayoutThatIsNotPresentIsNamed() {
    Identity foreign = new Identity("c", "t", "p", "te", "s", "rows", "k-1+circles");
    String told = assertThrows(UsageException.class, () -> RoundingHistory.of(foreign)).toString();
    assertTrue(told.contains("'circles'") && told.contains("rows"), told);
  }

  /** Half a nat off, whatever the value. */
  private record Coarse(String rounding) implements Layout {
    @Override
    public String name() {
      return "coarse";
    }

    @Override
    public float bound(float logProb) {
      return 0.5f;
    }

    @Override
    public ShardWriter writer(Path file, ShardHeader header) {
      throw new UnsupportedOperationException("it only rounds");
    }

    @Override
    public ShardReader reader(Footer footer) {
      throw new UnsupportedOperationException("it only rounds");
    }
  }
}

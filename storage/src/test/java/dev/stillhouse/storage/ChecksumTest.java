package dev.stillhouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.dataset.retention.Pin;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The checksum of a record is what its package says, and no other content has it. */
class ChecksumTest {
  private static final Pin PIN =
      Pin.of(7, Instant.parse("2026-01-31T12:00:00Z"), "a \"b\" \\ {,} é");
  private static final byte[] RECORD = Json.record(PIN);

  /** By hand, as another language would. */
  @Test
  void isTheHashOfTheContentWithoutWhiteSpace() {
    String content =
        "{\"format\":\"stillhouse-pin-1\",\"version\":7,\"expires\":\"2026-01-31T12:00:00Z\","
            + "\"reason\":\"a \\\"b\\\" \\\\ {,} é\"}";
    String hash = Hashes.sha256(content);
    assertTrue(text().endsWith(",\n  \"checksum\" : \"" + hash + "\"\n}\n"), text());
    assertEquals(hash, Checksum.of(content.getBytes(UTF_8)));
    String oneLine = content.replaceFirst("}$", ",\"checksum\":\"" + hash + "\"}");
    for (String same : new String[] {text(), oneLine, content, text().replace("\n", "\r\n\t")}) {
      assertEquals(PIN, Pin.parse("p", same.getBytes(UTF_8)), same);
    }
  }

  private static String text() {
    return new String(RECORD, UTF_8);
  }

  @Test
  void everyFlippedBitIsFoundOrChangesNothing() {
    int found = 0;
    for (int bit = 0; bit < Byte.SIZE * RECORD.length; bit++) {
      byte[] bad = RECORD.clone();
      bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Pin read;
      try {
        read = Pin.parse("p", bad);
      } catch (DataException e) {
        found++;
        continue;
      }
      assertEquals(PIN, read, "bit " + bit);
    }
    assertTrue(found > Byte.SIZE * RECORD.length * 9 / 10, found + " found");
  }

  @Test
  void whatDoesNotHaveItIsDamaged() {
    byte[] bad = text().replace("\"version\" : 7", "\"version\" : 6").getBytes(UTF_8);
    String told = assertThrows(DataException.class, () -> Pin.parse("p", bad)).getMessage();
    assertTrue(told.startsWith("p: damaged: its content has checksum "), told);
    byte[] moved =
        text().replaceFirst("\\{", "{\"checksum\" : \"" + "a".repeat(64) + "\",").getBytes(UTF_8);
    assertThrows(DataException.class, () -> Pin.parse("p", moved));
  }

  /** Where lines are stays true for errors. */
  @Test
  void linesStayWhereTheyAre() {
    byte[] checked = Checksum.checked("p", RECORD);
    assertEquals(RECORD.length, checked.length);
    assertArrayEquals(checked, Checksum.checked("p", checked));
    assertFalse(new String(checked, UTF_8).contains("checksum"));
    assertTrue(Checksum.in(RECORD));
    assertFalse(Checksum.in(checked));
  }
}

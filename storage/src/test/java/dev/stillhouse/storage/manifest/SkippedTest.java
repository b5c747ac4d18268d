package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkippedTest {
  private static PackReceipt parse(String json) {
    return Json.parse("receipt", json.getBytes(UTF_8), PackReceipt.class);
  }

  @Test
  void aReceiptOfBeforeReadsAsNoneSkipped() {
    String before = "{\"unit\":\"u\",\"documents\":1,\"tokens\":2,\"shards\":[]}";
    assertEquals(Skipped.NONE, parse(before).skipped());
    assertThrows(DataException.class, () -> parse(before.replace("\"tokens\":2,", "")));
    assertThrows(DataException.class, () -> parse(before.replace("[]", "[],\"skipped\":null")));
  }

  @Test
  void whatWasSkippedIsKept() {
    Skipped skipped = Skipped.NONE.plus(new SkippedDocument("a.txt", 7, "byte offset 3"));
    PackReceipt receipt = new PackReceipt("u", 1, 2, List.of(), skipped);
    assertEquals(receipt, parse(Json.line(receipt)));
    assertEquals("1 document, the first: a.txt, document 7: byte offset 3", skipped.toString());
  }

  @Test
  void theFirstHundredAreNamed() {
    Skipped skipped = Skipped.NONE;
    for (int i = 0; i < 250; i++) {
      skipped = skipped.plus(new SkippedDocument("a", i, "bad"));
    }
    assertEquals(250, skipped.count());
    assertEquals(Skipped.MAX, skipped.first().size());
    assertEquals(99, skipped.first().get(99).document());
    assertEquals(500, skipped.plus(skipped).count());
    assertEquals(skipped.first(), skipped.plus(skipped).first());
  }

  @Test
  void reasonsAreShort() {
    String reason = new SkippedDocument("a", 0, "x".repeat(299) + "😀y").reason();
    assertEquals("x".repeat(299) + "...", reason);
    assertEquals("short", new SkippedDocument("a", 0, "short").reason());
  }
}

package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginTest {
  private static final String DIGEST = Hashes.sha256("some");

  @Test
  void whereADatasetCameFromIsKeptAndDecidesNoDigest() {
    Identity identity = new Identity(Identity.corpus(List.of()), "t", "p", "te", "s", "rows", "a");
    Manifest extracted = Manifest.of(1, identity, "t", "te", 2, 3, List.of(), List.of());
    Origin origin = new Origin(DIGEST, "columns", 4, 0.5, 0.25);
    Manifest migrated = extracted.with(Skipped.NONE, List.of(origin));
    assertEquals(extracted.digest(), migrated.digest());
    assertEquals(migrated, parsed(Json.pretty(migrated)));
    String before = Json.line(extracted);
    assertFalse(before.contains("origins"), "a manifest of before has no such key, nor do others");
    assertEquals(extracted, parsed(before.getBytes(UTF_8)));
  }

  private static Manifest parsed(byte[] json) {
    return Json.parse("m", json, Manifest.class).checked("m");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertEquals(0, new Origin(DIGEST, "rows", 1, 0, 0).largestError());
    assertThrows(DataException.class, () -> new Origin("x", "rows", 1, 0, 0));
    assertThrows(DataException.class, () -> new Origin(DIGEST, "rows", 0, 0, 0));
    assertThrows(DataException.class, () -> new Origin(DIGEST, "rows", 1, 0.1, 0.2));
    assertThrows(DataException.class, () -> new Origin(DIGEST, "rows", 1, 0.1, -0.1));
    assertThrows(DataException.class, () -> new Origin(DIGEST, "rows", 1, 1 / 0.0, 0));
    assertThrows(DataException.class, () -> new Origin(DIGEST, "rows", 1, 0, 0 / 0.0));
  }
}

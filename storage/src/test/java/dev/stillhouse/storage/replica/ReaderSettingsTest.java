package dev.stillhouse.storage.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.topology.CostPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReaderSettingsTest {
  private static ReadContext context(String json) throws IOException {
    return Json.parse("settings", json.getBytes(StandardCharsets.UTF_8), ReaderSettings.class)
        .context();
  }

  @Test
  void nothingSaidIsAReaderAnywhere() throws IOException {
    assertEquals(ReadContext.ANYWHERE, context("{}"));
  }

  @Test
  void whatIsSaidIsTheContext(@TempDir Path directory) throws IOException {
    ReadContext context =
        context(
            "{\"region\":\"nrt\",\"home\":\"fra\",\"policy\":\"dollars\",\"inFlight\":3,"
                + "\"cacheBytes\":5000000,\"cache\":"
                + Json.line(directory.toString())
                + "}");
    assertEquals("nrt", context.place().orElseThrow().region());
    assertEquals("fra", context.place().orElseThrow().home());
    assertEquals(CostPolicy.parse("dollars"), context.policy());
    assertEquals(3, context.inFlight());
    assertTrue(context.cache().orElseThrow().directory().isPresent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"region\":\"moon\"} | moon",
        "{\"region\":\"nrt\",\"home\":\"moon\"} | moon",
        "{\"policy\":\"dollars\"} | need the reader's region",
        "{\"topology\":\"no/such.json\",\"region\":\"nrt\"} | no/such.json: no such file",
        "{\"region\":\"nrt\",\"policy\":\"cheap\"} | cheap",
        "{\"inFlight\":0} | 0 requests in flight",
        "{\"cacheBytes\":0} | a cache of 0 bytes",
        "{\"regoin\":\"nrt\"} | regoin",
      })
  void whatIsWrongIsTold(String json, String message) {
    RuntimeException e = assertThrows(RuntimeException.class, () -> context(json));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }
}

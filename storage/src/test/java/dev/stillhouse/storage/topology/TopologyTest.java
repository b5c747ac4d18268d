package dev.stillhouse.storage.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static final String LINK =
      """
      {"reader":"a","store":"b","rtt_ms":75,"per_get_MBps":40,"vm_aggregate_Gbps":4,\
      "egress_usd_per_GB":0.02}""";
  private static final String FILE =
      """
      {"regions":{"a":{},"b":{}},"get_usd":4e-07,"object_ttfb_ms_p50":25,"links":[%s]}"""
          .formatted(LINK);

  private static Topology parse(String json) {
    return Topology.parse("t.json", json.getBytes(UTF_8));
  }

  @Test
  void theOneThatComesAlongHasALinkForEveryPair() {
    Topology topology = Topology.bundled();
    assertEquals(ImmutableSet.of("iad", "lon", "fra", "nrt", "gru"), topology.regions());
    for (String reader : topology.regions()) {
      for (String store : topology.regions()) {
        Link link = topology.link(reader, store);
        assertEquals(0.030, link.firstByteSeconds());
        assertEquals(reader.equals(store), link.roundTripSeconds() < 0.001);
        assertEquals(reader.equals(store), link.dollarsPerByte() == 0);
      }
    }
    Link link = topology.link("fra", "nrt");
    assertEquals(0.233, link.roundTripSeconds());
    assertEquals(17e6, link.bytesPerSecond());
    assertEquals(0.09e-9, link.dollarsPerByte(), 1e-18);
    assertEquals(4.79e9 / 8, link.machineBytesPerSecond(), 1);
  }

  @Test
  void secondsAndDollarsAreTheFormulas() {
    Link link = parse(FILE).link("a", "b");
    // 100 requests wait 100 ms each, 400 MB at 40 MB/s are 10 s; by 16.
    assertEquals((10 + 10) / 16.0, link.seconds(100, 400e6, 16), 1e-9);
    // The machine has 500 MB/s, 32 requests would have 1,280.
    assertEquals(0.8, link.seconds(0, 400e6, 32), 1e-9);
    assertEquals(100 * 4e-7 + 0.4 * 0.02, link.dollars(100, 400e6), 1e-12);
    assertEquals(0, link.seconds(0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> link.seconds(-1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> link.seconds(1, 0, 0));
    Link unlimited =
        parse(FILE.replace("\"vm_aggregate_Gbps\":4", "\"vm_aggregate_Gbps\":null")).link("a", "b");
    assertEquals(400 / 40.0 / 32, unlimited.seconds(0, 400e6, 32), 1e-9);
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() {
    assertBad("t.json, line 1, column 41: this is no JSON; need an object", FILE.substring(0, 40));
    assertBad("the file: [], need an object", "[]");
    assertBad("t.json, regions: nothing, need an object that names", "{}");
    assertBad("t.json, regions: {}, need", FILE.replace("{\"a\":{},\"b\":{}}", "{}"));
    assertBad("t.json, get_usd: \"x\", need a number from 0", FILE.replace("4e-07", "\"x\""));
    assertBad("t.json, links: 7, need a list", FILE.replace("[" + LINK + "]", "7"));
    assertBad(
        "t.json, links[0].store: \"b\", need one of the regions [a]",
        FILE.replace(",\"b\":{}", ""));
    assertBad("t.json, links[0].rtt_ms: -75, need a number from 0", FILE.replace(":75", ":-75"));
    assertBad("t.json, links[0].per_get_MBps: 0, need", FILE.replace(":40,", ":0,"));
    assertBad("links[0].vm_aggregate_Gbps: nothing", FILE.replace("\"vm_aggregate_Gbps\":4,", ""));
    assertBad(
        "links[0].rtt_ms: \"Infinity\", need a number from 0.0 to 1.0E9",
        FILE.replace(":75", ":1e400"));
    assertBad(
        "t.json, links[1]: the link from b to a is there twice",
        FILE.replace(LINK, LINK + "," + LINK));
    assertBad(
        ": this is the second field 'rtt_ms' of an object; need each once",
        FILE.replace("\"rtt_ms\":75", "\"rtt_ms\":75,\"rtt_ms\":76"));
    assertBad("t.json: 1048577 bytes, the limit is", " ".repeat(1 << 20) + "1");
    assertBad("t.json, the file: nothing, need an object", "");
    assertBad("t.json, line 1, column ", FILE.replace(":75", ":NaN"));
    assertBad(": this is no JSON; need", FILE.replace(":75", ":-Infinity"));
    assertBad(
        "t.json, links[0].egress_usd_per_GB: -0.02, need a number from 0",
        FILE.replace(":0.02", ":-0.02"));
    assertBad("t.json, get_usd: -4.0E-7, need", FILE.replace("4e-07", "-4e-07"));
    assertBad("links[0].rtt_ms: 1000000001, need", FILE.replace(":75", ":1000000001"));
    assertBad(
        "it has a number of more than 1000 characters",
        FILE.replace(":75", ":" + "9".repeat(5000)));
    assertBad("it is nested deeper than 16 levels", "[".repeat(100_000));
    assertBad(
        "nested deeper than 16", "{\"regions\":" + "{\"a\":".repeat(1000) + "1" + "}".repeat(1001));
    assertBad("this is no JSON", "<topology/>");
    assertBad("this is no JSON", "\0\0\0\0");
    assertBad(
        "t.json, links[0].reader: \"mars\", need one of the regions [a, b]",
        FILE.replace("\"reader\":\"a\"", "\"reader\":\"mars\""));
    assertBad("t.json, links[0].reader: nothing", FILE.replace(LINK, "7"));
    UsageException none = assertThrows(UsageException.class, () -> parse(FILE).link("b", "a"));
    assertTrue(
        String.valueOf(none.getMessage()).contains("its regions: [a, b]"), none.getMessage());
  }

  private static void assertBad(String words, String json) {
    String message = assertThrows(DataException.class, () -> parse(json)).getMessage();
    assertTrue(message.contains(words), message);
  }
}

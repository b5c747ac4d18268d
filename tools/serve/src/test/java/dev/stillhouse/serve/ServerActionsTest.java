package dev.stillhouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Actions of a real server, asked by a real client. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerActionsTest {
  @TempDir static Path directory = Path.of("unset");

  @BeforeAll
  static void writeDataset() throws IOException {
    try (BlobStore store = new DirectoryStore("home", directory)) {
      new SampleDatasets(store, "rows", 12, ConsistentStatistics::of).write(5, 9, 4);
    }
  }

  private static FlightClients serve() throws IOException {
    return new FlightClients(Map.of("rows", directory.toString()), "", ServerLimits.DEFAULT);
  }

  private static String answer(FlightClients flight, String action, String json) {
    Iterator<Result> results =
        flight.client.doAction(new Action(action, json.getBytes(StandardCharsets.UTF_8)));
    return new String(results.next().getBody(), StandardCharsets.UTF_8);
  }

  @Test
  void theLedgerBooksWhatStreamsRead() throws Exception {
    try (FlightClients flight = serve()) {
      String asked = "{\"v\":1,\"dataset\":\"rows\"}";
      long before = bytes(answer(flight, "ledger", asked));
      assertEquals(4, flight.cursors(Map.of("dataset", "rows", "batch", 4)).size());
      assertTrue(bytes(answer(flight, "ledger", asked)) > before);
    }
  }

  private static long bytes(String ledger) {
    JsonNode entries =
        Json.parse("ledger", ledger.getBytes(StandardCharsets.UTF_8), JsonNode.class)
            .get("entries");
    assertEquals("home", entries.get(0).get("region").asText());
    return entries.get(0).get("bytes").asLong();
  }

  @Test
  void cursorsOfRanksMerge() throws Exception {
    try (FlightClients flight = serve()) {
      List<String> parts = new ArrayList<>();
      for (int rank = 0; rank < 3; rank++) {
        List<Cursor> read =
            flight.cursors(Map.of("dataset", "rows", "batch", 4, "rank", rank, "worldSize", 3));
        parts.add(read.get(1).toJson());
      }
      Cursor whole = flight.cursors(Map.of("dataset", "rows", "batch", 4)).get(1);
      assertEquals(
          whole.toJson(),
          answer(flight, "merge", Json.line(ImmutableMap.of("v", 1, "cursors", parts))));
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () ->
                  answer(
                      flight,
                      "merge",
                      Json.line(ImmutableMap.of("v", 1, "cursors", parts.subList(0, 2)))));
      assertTrue(String.valueOf(e.getMessage()).contains("rank 2's is missing"), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "position | {\"v\":1,\"dataset\":\"rows\",\"sequence\":0,\"position\":12} | 0 to 11",
        "position | {\"v\":1,\"dataset\":\"rows\",\"sequence\":13,\"position\":0} | 13",
        "position | {\"v\":1,\"dataset\":\"no\",\"sequence\":0,\"position\":0} | no dataset 'no'",
        "position | {\"v\":2,\"dataset\":\"rows\"} | this server speaks version 1",
        "position | {\"v\":1,\"dataset\":\"rows\",\"sequence\":0,\"position\":0,\"at\":0} | at",
        "merge | {\"v\":1,\"cursors\":[]} | no cursors to merge",
        "merge | {\"v\":1,\"cursors\":[\"{}\"]} | cursor of the action",
        "ledger | [] | the action 'ledger'",
        "shutdown | {} | no action 'shutdown'; there are [position, ledger, merge]",
      })
  void whatIsAskedWronglyIsToldAndTheServerGoesOn(String action, String json, String message)
      throws Exception {
    try (FlightClients flight = serve()) {
      FlightRuntimeException e =
          assertThrows(FlightRuntimeException.class, () -> answer(flight, action, json));
      assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
      List<String> types = new ArrayList<>();
      for (ActionType type : flight.client.listActions()) {
        types.add(type.getType());
      }
      assertEquals(List.of("position", "ledger", "merge"), types);
    }
  }

  /** What is larger than a request may be is refused before it is read. */
  @Test
  void aRequestOfAMegabyteIsRefusedAndTheServerGoesOn() throws Exception {
    try (FlightClients flight = serve()) {
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () ->
                  flight.client.getInfo(
                      FlightClients.command(
                          Map.of("dataset", "rows", "shuffle", "x".repeat(1 << 20)))));
      assertEquals(FlightStatusCode.RESOURCE_EXHAUSTED, e.status().code());
      assertEquals(4, flight.cursors(Map.of("dataset", "rows", "batch", 4)).size());
    }
  }

  @Test
  void aStepLargerThanTheServerSendsIsRefusedWithItsSize() throws Exception {
    ServerLimits small = new ServerLimits(4, 1 << 20, 10_000);
    try (FlightClients flight =
        new FlightClients(Map.of("rows", directory.toString()), "", small)) {
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () -> flight.stream(Map.of("dataset", "rows", "batch", 13)));
      assertEquals(FlightStatusCode.INVALID_ARGUMENT, e.status().code());
      assertTrue(String.valueOf(e.getMessage()).contains("sends at most 10000"), e.getMessage());
      assertEquals(13, flight.cursors(Map.of("dataset", "rows", "batch", 1)).size());
    }
  }
}

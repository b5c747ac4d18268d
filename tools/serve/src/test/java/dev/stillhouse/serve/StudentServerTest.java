package dev.stillhouse.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.dense.DenseBatch;
import dev.stillhouse.storage.loader.dense.DenseForm;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server and a real client: what arrives is what the Java loader gives. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StudentServerTest {
  private static final int SEQUENCES = 23;
  private static final List<String> LAYOUTS = List.of("rows", "columns", "planes", "adaptive");

  @TempDir static Path directory = Path.of("unset");

  @BeforeAll
  static void writeDatasets() throws IOException {
    for (String layout : LAYOUTS) {
      try (BlobStore store = new DirectoryStore("home", directory.resolve(layout))) {
        new SampleDatasets(store, layout, 12, ConsistentStatistics::of).write(5, 9, 1, 13);
      }
    }
  }

  private static String place(String layout) {
    return directory.resolve(layout).toString();
  }

  private static FlightClients serve(String... layouts) throws IOException {
    return serve("", ServerLimits.DEFAULT, layouts);
  }

  private static FlightClients serve(String token, ServerLimits limits, String... layouts)
      throws IOException {
    Map<String, String> places = new java.util.TreeMap<>();
    for (String layout : layouts) {
      places.put(layout, place(layout));
    }
    return new FlightClients(places, token, limits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void stepsAreThoseOfTheJavaLoader(String layout) throws Exception {
    try (FlightClients flight = serve(layout);
        Dataset dataset = Dataset.open(place(layout));
        StudentLoader loader = StudentLoader.open(dataset).seed(7).batch(5).rank(1, 2).start();
        FlightStream stream =
            flight.stream(
                Map.of(
                    "dataset", layout, "seed", 7, "batch", 5, "rank", 1, "worldSize", 2, "k", 3))) {
      DenseForm form = DenseForm.of(3);
      int steps = 0;
      while (stream.next()) {
        LoadedBatch expected = loader.next();
        VectorSchemaRoot root = stream.getRoot();
        assertEquals(3, root.getRowCount(), "of five, at most three for each of two ranks");
        DenseBatch dense = DenseBatch.of(expected, form);
        assertArrayEquals(dense.column("tokens").ints(), ints(root, "tokens"));
        assertArrayEquals(dense.column("ids").ints(), ints(root, "ids"));
        assertArrayEquals(dense.column("log_probs").floats(), floats(root, "log_probs"));
        assertArrayEquals(dense.column("log_tail").floats(), floats(root, "log_tail"));
        Cursor cursor = FlightClients.cursor(stream);
        assertEquals(loader.cursor().samples(), cursor.samples());
        assertEquals(loader.cursor().digest(), cursor.digest());
        steps++;
      }
      assertEquals(5, steps);
      assertTrue(!loader.hasNext());
    }
  }

  private static int[] ints(VectorSchemaRoot root, String column) {
    IntVector numbers = (IntVector) ((FixedSizeListVector) root.getVector(column)).getDataVector();
    int[] values = new int[numbers.getValueCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i);
    }
    return values;
  }

  private static float[] floats(VectorSchemaRoot root, String column) {
    Float4Vector numbers =
        (Float4Vector) ((FixedSizeListVector) root.getVector(column)).getDataVector();
    float[] values = new float[numbers.getValueCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i);
    }
    return values;
  }

  @Test
  void datasetsAreListedAndDescribed() throws Exception {
    try (FlightClients flight = serve("rows", "planes")) {
      List<String> names = new ArrayList<>();
      for (FlightInfo info : flight.client.listFlights(Criteria.ALL)) {
        names.add(info.getDescriptor().getPath().get(0));
        assertEquals(SEQUENCES, info.getRecords());
      }
      assertEquals(List.of("planes", "rows"), names);
      String info =
          new String(
              flight.client.getInfo(FlightDescriptor.path("rows")).getAppMetadata(),
              java.nio.charset.StandardCharsets.UTF_8);
      assertTrue(info.contains("\"sequenceLength\":12"), info);
      assertTrue(info.contains("\"layout\":\"rows\""), info);
    }
  }

  /** A run that is stopped and goes on with another number of ranks is the run that was not. */
  @Test
  void aRunGoesOnAtAnyStepWithAnyRanks() throws Exception {
    try (FlightClients flight = serve("planes")) {
      List<Cursor> whole =
          flight.cursors(Map.of("dataset", "planes", "seed", 3, "batch", 4, "epochs", 2));
      Cursor last = whole.get(whole.size() - 1);
      Cursor middle = whole.get(3);
      List<Cursor> ends = new ArrayList<>();
      for (int rank = 0; rank < 3; rank++) {
        List<Cursor> part =
            flight.cursors(
                Map.of(
                    "dataset",
                    "planes",
                    "cursor",
                    middle.toJson(),
                    "epochs",
                    2,
                    "rank",
                    rank,
                    "worldSize",
                    3));
        ends.add(part.get(part.size() - 1));
      }
      Cursor merged = Cursor.merge(ends);
      assertEquals(last.samples(), merged.samples());
      assertEquals(last.digest(), merged.digest());
    }
  }

  @Test
  void joinedTeachersHaveColumnsOfTheirOwn() throws Exception {
    try (FlightClients flight = serve("rows", "columns");
        FlightStream stream =
            flight.stream(
                Map.of(
                    "dataset",
                    "rows",
                    "with",
                    List.of("columns"),
                    "batch",
                    4,
                    "k",
                    2,
                    "columns",
                    List.of("tokens", "ids", "log_tail")))) {
      assertTrue(stream.next());
      assertEquals(
          List.of("tokens", "ids", "log_tail", "ids.1", "log_tail.1"),
          stream.getRoot().getSchema().getFields().stream()
              .map(org.apache.arrow.vector.types.pojo.Field::getName)
              .toList());
      assertArrayEquals(ints(stream.getRoot(), "ids"), ints(stream.getRoot(), "ids.1"));
      while (stream.next()) {
        assertEquals(4, stream.getRoot().getRowCount());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"v\":1,\"dataset\":\"other\"} | no dataset 'other' is served here; there are [rows]",
        "{\"v\":1} | need one of the two",
        "{\"v\":2,\"dataset\":\"rows\",\"new\":1} | this server speaks version 1",
        "{\"v\":1,\"dataset\":\"rows\",\"sead\":1} | sead",
        "{\"v\":1,\"dataset\":\"rows\",\"k\":1000} | k 1000: the dataset keeps",
        "{\"v\":1,\"dataset\":\"rows\",\"rank\":2,\"worldSize\":2} | rank 2 of 2",
        "{\"v\":1,\"dataset\":\"rows\",\"batch\":1000000000} | there are 23 sequences",
        "{\"v\":1,\"dataset\":\"rows\",\"columns\":[\"logprobs\"]} | no column 'logprobs'",
        "{\"v\":1,\"dataset\":\"rows\",\"floats\":\"float8\"} | need one of",
        "{\"v\":1,\"dataset\":\"rows\",\"shuffle\":\"wild\"} | shuffle 'wild'",
        "{\"v\":1,\"dataset\":\"rows\",\"version\":9} | 9",
        "{\"v\":1,\"dataset\":\"rows\",\"cursor\":\"{}\"} | cursor",
        "not json | the request"
      })
  void whatIsAskedWronglyIsToldByTheServer(String request, String message) throws Exception {
    try (FlightClients flight = serve("rows")) {
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () ->
                  flight.client.getInfo(
                      FlightDescriptor.command(
                          request.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
      assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
      assertEquals(6, flight.cursors(Map.of("dataset", "rows", "batch", 4)).size(), "it goes on");
    }
  }

  @Test
  void aCursorOfOtherDataIsRefused() throws Exception {
    Path other = directory.resolve("other");
    try (BlobStore store = new DirectoryStore("home", other)) {
      new SampleDatasets(store, "rows", 12, ConsistentStatistics::of).write(6, 11);
    }
    try (FlightClients flight =
        new FlightClients(
            Map.of("rows", place("rows"), "other", other.toString()), "", ServerLimits.DEFAULT)) {
      Cursor cursor = flight.cursors(Map.of("dataset", "rows", "batch", 4)).get(0);
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () -> flight.stream(Map.of("dataset", "other", "cursor", cursor.toJson())));
      assertTrue(String.valueOf(e.getMessage()).contains("the cursor's data is"), e.getMessage());
    }
  }

  @Test
  void ticketsAreOfOneServer() throws Exception {
    try (FlightClients one = serve("rows");
        FlightClients two = serve("rows")) {
      Ticket ticket =
          one.client
              .getInfo(FlightClients.command(Map.of("dataset", "rows")))
              .getEndpoints()
              .get(0)
              .getTicket();
      assertTrue(refused(two, ticket).contains("of another server"));
      byte[] forged = ticket.getBytes().clone();
      forged[forged.length - 3] ^= 1;
      assertTrue(refused(one, new Ticket(forged)).contains("was changed"));
      assertTrue(refused(one, new Ticket(new byte[3])).contains("has 3 bytes"));
    }
  }

  private static String refused(FlightClients flight, Ticket ticket) {
    return String.valueOf(
        assertThrows(
                FlightRuntimeException.class,
                () -> {
                  try (FlightStream stream = flight.client.getStream(ticket)) {
                    stream.next();
                  }
                })
            .getMessage());
  }

  @Test
  void aTokenIsNeededWhereThereIsOne() throws Exception {
    try (FlightClients flight = serve("a secret", ServerLimits.DEFAULT, "rows")) {
      for (String wrong : List.of("", "Bearer b secret", "Bearer a secre", "a secret")) {
        FlightRuntimeException e =
            assertThrows(
                FlightRuntimeException.class,
                () -> flight.client.getInfo(FlightDescriptor.path("rows"), bearer(wrong)));
        assertEquals(FlightStatusCode.UNAUTHENTICATED, e.status().code());
        assertTrue(!String.valueOf(e.getMessage()).contains("a secret"), e.getMessage());
      }
      flight.client.getInfo(FlightDescriptor.path("rows"), bearer("Bearer a secret"));
    }
  }

  private static HeaderCallOption bearer(String value) {
    FlightCallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", value);
    return new HeaderCallOption(headers);
  }

  @Test
  void beyondLoopbackThereIsTlsAndAToken() {
    for (String host : List.of("0.0.0.0", "192.168.1.2", "::", "example.org")) {
      assertThrows(
          dev.stillhouse.storage.UsageException.class,
          () -> new StudentServer.Access(host, 0, "secret", java.util.Optional.empty()),
          host);
    }
    new StudentServer.Access("::1", 0, "", java.util.Optional.empty());
    new StudentServer.Access("localhost", 0, "", java.util.Optional.empty());
  }

  /** A client that goes frees its place; one that is slow takes nobody else's. */
  @RepeatedTest(3)
  void whoGoesFreesWhatItHad() throws Exception {
    try (FlightClients flight = serve("", new ServerLimits(2, 1 << 20, 1 << 30), "rows")) {
      Map<String, Object> load = Map.of("dataset", "rows", "batch", 1, "epochs", 100_000);
      FlightStream slow = flight.stream(load);
      assertTrue(slow.next());
      FlightStream gone = flight.stream(load);
      assertTrue(gone.next());
      String full =
          String.valueOf(
              assertThrows(FlightRuntimeException.class, () -> flight.stream(load).next())
                  .getMessage());
      assertTrue(full.contains("has 2 streams open"), full);
      gone.cancel("enough", null);
      gone.close();
      for (int i = 0; i < 300 && flight.server.streams() > 1; i++) {
        Thread.sleep(50);
      }
      assertEquals(1, flight.server.streams());
      assertEquals(6, flight.cursors(Map.of("dataset", "rows", "batch", 4)).size());
      slow.cancel("enough", null);
      slow.close();
    }
  }

  @Test
  void aServerThatEndsTellsItsStreams() throws Exception {
    try (FlightClients flight = serve("rows")) {
      FlightStream stream =
          flight.stream(Map.of("dataset", "rows", "batch", 1, "epochs", 1_000_000));
      assertTrue(stream.next());
      Thread drain =
          new Thread(
              () -> {
                try {
                  flight.server.drain(0);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      drain.start();
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () -> {
                while (stream.next()) {
                  // until the server says that it ends
                }
              });
      assertEquals(FlightStatusCode.UNAVAILABLE, e.status().code());
      drain.join();
      stream.close();
    }
  }
}

package dev.stillhouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server holds is decided by its clients and their steps, not by how large datasets are. */
@Tag("slow")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerMemoryTest {
  private static final int CLIENTS = 8;
  private static final int ROWS = 64;
  private static final int STEPS = 4;

  /** Little is read ahead: what counts here is that it does not grow. */
  private static final ServerLimits LIMITS = new ServerLimits(CLIENTS, 4 << 20, 1 << 30);

  @TempDir Path directory = Path.of("unset");

  @Test
  void eightClientsTakeAsMuchOfADatasetTenTimesAsLarge() throws Exception {
    double small = peak(2);
    double large = peak(20);
    assertTrue(small > 0);
    assertEquals(1, large / small, 0.1, small + " and " + large + " bytes");
  }

  /** Returns the peak of what a server held for clients that each wait, and then read on. */
  private double peak(int shards) throws Exception {
    Path place = directory.resolve("of-" + shards);
    write(place, shards);
    try (FlightClients flight = new FlightClients(Map.of("rows", place.toString()), "", LIMITS)) {
      List<AutoCloseable> open = new ArrayList<>();
      List<FlightStream> streams = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        FlightClient client =
            FlightClient.builder(
                    flight.allocator, Location.forGrpcInsecure("127.0.0.1", flight.server.port()))
                .build();
        open.add(client);
        Map<String, Object> load =
            Map.of("dataset", "rows", "batch", ROWS, "epochs", 1000, "seed", i);
        Ticket ticket =
            client.getInfo(FlightClients.command(load)).getEndpoints().get(0).getTicket();
        FlightStream stream = client.getStream(ticket);
        assertTrue(stream.next());
        streams.add(stream);
      }
      awaitBackPressure(flight.server);
      for (FlightStream stream : streams) {
        for (int step = 1; step < STEPS; step++) {
          assertTrue(stream.next());
        }
      }
      awaitBackPressure(flight.server);
      double peak = flight.server.peakMemory();
      for (int i = 0; i < CLIENTS; i++) {
        streams.get(i).cancel("enough", null);
        streams.get(i).close();
        open.get(i).close();
      }
      return peak;
    }
  }

  private static void write(Path place, int shards) throws IOException {
    int[] rows = new int[shards];
    Arrays.fill(rows, ROWS);
    try (BlobStore store = new DirectoryStore("home", place)) {
      new SampleDatasets(store, "planes", 128, ConsistentStatistics::of).write(5, rows);
    }
  }

  /** Waits until no stream fills another step: its client takes none, so all hold their max. */
  private static void awaitBackPressure(StudentServer server) throws InterruptedException {
    long last = -1;
    for (int same = 0; same < 40; same++) {
      Thread.sleep(50);
      long now = server.memory();
      if (now != last) {
        same = 0;
        last = now;
      }
    }
  }
}

package dev.stillhouse.bench.links;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.InFlight;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.ReadPlan;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares the emulator with real sleeps and real sockets: the same requests, in the same order,
 * through as many connections, over a link of the same figures and faults.
 */
final class LoopbackCheck {
  private final Link link;
  private final LinkFaults faults;
  private final ReadPlan plan;
  private final int inFlight;

  /**
   * Creates a check.
   *
   * @param requests number of them, of 50 kB to 2 MB
   * @param inFlight connections
   */
  LoopbackCheck(Link link, LinkFaults faults, int requests, int inFlight) {
    this.link = link;
    this.faults = faults;
    this.inFlight = inFlight;
    SplittableRandom random = new SplittableRandom(1);
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      ranges.add(new ByteRange(i * 4_000_000L, 50_000 + random.nextInt(1_950_000)));
    }
    this.plan = new ReadPlan(ImmutableList.copyOf(ranges));
  }

  /** Returns the figures. */
  Map<String, Object> measure(String name) throws IOException {
    double real = real();
    double emulated = emulated();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "emulator and loopback, " + name);
    row.put("requests", plan.requests().size());
    row.put("inFlight", inFlight);
    row.put("realSeconds", real);
    row.put("emulatedSeconds", emulated);
    row.put("emulatorError", Math.abs(real / emulated - 1));
    return row;
  }

  /** Returns the virtual seconds of all requests. */
  double emulated() {
    VirtualTime time = new VirtualTime();
    EmulatedLink emulated = new EmulatedLink(new EmulatedNetwork(time), link, faults);
    InFlight slots = new InFlight(inFlight);
    double[] end = {0};
    for (int i : plan.longestFirst()) {
      var unused =
          slots
              .run(() -> emulated.send(plan.requests().get(i).length()).arrived())
              .whenComplete((length, error) -> end[0] = time.seconds());
    }
    time.runUntilIdle();
    return end[0];
  }

  private double real() throws IOException {
    int[] order = plan.longestFirst();
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(inFlight);
    try (PacedServer server = new PacedServer(link, faults)) {
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < inFlight; i++) {
        connections.add(new Connection(server.port()));
      }
      long start = System.nanoTime();
      List<Future<?>> readers = new ArrayList<>();
      for (Connection connection : connections) {
        readers.add(
            threads.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < order.length; ) {
                    connection.read(i, plan.requests().get(order[i]).length());
                    i = next.getAndIncrement();
                  }
                  return 0;
                }));
      }
      for (Future<?> reader : readers) {
        Object unused = reader.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      for (Connection connection : connections) {
        connection.close();
      }
      return seconds;
    } catch (ExecutionException e) {
      throw new DataException("a read from loopback failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while loopback was measured", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final byte[] buffer = new byte[65_536];

    Connection(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
    }

    void read(long number, int length) throws IOException {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] request = new byte[12];
      java.nio.ByteBuffer.wrap(request).putLong(number).putInt(length);
      out.write(request);
      out.flush();
      InputStream in = socket.getInputStream();
      for (int left = length; left > 0; ) {
        int came = in.read(buffer, 0, Math.min(left, buffer.length));
        if (came < 0) {
          throw new IOException("the server has closed the connection");
        }
        left -= came;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

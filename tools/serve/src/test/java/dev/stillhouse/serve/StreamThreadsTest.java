package dev.stillhouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightProducer.CallContext;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightServerMiddleware;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StreamThreadsTest {
  private static final CallContext CALL =
      new CallContext() {
        @Override
        public String peerIdentity() {
          return "test";
        }

        @Override
        public boolean isCancelled() {
          return false;
        }

        @Override
        public <T extends FlightServerMiddleware> T getMiddleware(
            FlightServerMiddleware.Key<T> key) {
          throw new UnsupportedOperationException("no middleware");
        }

        @Override
        public Map<FlightServerMiddleware.Key<?>, FlightServerMiddleware> getMiddleware() {
          return Map.of();
        }
      };

  /** A client that takes one step at a time, when the test lets it. */
  private static final class SlowClient implements ServerStreamListener {
    final AtomicInteger taken = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean ready;
    private volatile Runnable onReady = () -> {};

    void takeOne() {
      ready = true;
      onReady.run();
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void start(VectorSchemaRoot root, DictionaryProvider dictionaries, IpcOption option) {}

    @Override
    public void putNext() {
      throw new UnsupportedOperationException("each step has metadata");
    }

    @Override
    public void putNext(ArrowBuf metadata) {
      metadata.close();
      ready = false;
      taken.incrementAndGet();
    }

    @Override
    public void putMetadata(ArrowBuf metadata) {
      metadata.close();
    }

    @Override
    public void error(Throwable error) {
      ended.countDown();
    }

    @Override
    public void completed() {
      ended.countDown();
    }
  }

  /**
   * gRPC tells on a call's thread that a client takes more. A stream that held that thread was told
   * nothing, and looked again after a second only.
   */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStreamLeavesTheThreadOfItsCall(@TempDir Path directory) throws Exception {
    try (BlobStore store = new DirectoryStore("home", directory)) {
      new SampleDatasets(store, "planes", 12, ConsistentStatistics::of).write(5, 9);
    }
    try (ServedDatasets served =
            new ServedDatasets(ImmutableMap.of("it", directory.toString()), ReadContext.ANYWHERE);
        RootAllocator allocator = new RootAllocator()) {
      FlightLoads loads = new FlightLoads(served, ServerLimits.DEFAULT, allocator);
      byte[] request = "{\"v\":1,\"dataset\":\"it\",\"batch\":7}".getBytes(StandardCharsets.UTF_8);
      Ticket ticket =
          loads
              .getFlightInfo(CALL, FlightDescriptor.command(request))
              .getEndpoints()
              .get(0)
              .getTicket();
      SlowClient client = new SlowClient();
      loads.getStream(CALL, ticket, client); // Returns, though the client takes nothing yet.
      assertEquals(0, client.taken.get());
      while (!client.ended.await(1, TimeUnit.MILLISECONDS)) {
        client.takeOne();
      }
      assertEquals(2, client.taken.get());
      while (loads.streamsOpen() > 0) {
        Thread.sleep(1);
      }
    }
  }
}

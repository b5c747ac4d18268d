package dev.stillhouse.serve;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.InetAddresses;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.ReadContext;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A Flight server of datasets that are named when it starts. */
public final class StudentServer implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 256 << 10;
  private static final long KEEP_ALIVE_SECONDS = 5;
  private static final long GIVE_BACK_SECONDS = 30;

  /** They log each client that goes in mid-stream, or asks for too much, with its stack. */
  private static final ImmutableList<Logger> OF_CLIENTS =
      ImmutableList.of(
          Logger.getLogger("io.grpc.netty.NettyServerHandler"),
          Logger.getLogger("io.grpc.netty.NettyServerStream"));

  static {
    OF_CLIENTS.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private final BufferAllocator allocator;
  private final ServedDatasets served;
  private final FlightLoads loads;
  private final FlightServer server;

  /**
   * Where a server listens, and who may call.
   *
   * @param host an address of this machine
   * @param port 0 takes a free one
   * @param token that calls must have; empty lets all in
   * @param tls certificate chain and key, PEM files
   */
  public record Access(String host, int port, String token, Optional<Tls> tls) {
    /** Files in PEM form. */
    public record Tls(Path certificates, Path key) {}

    public Access {
      boolean loopback =
          host.equals("localhost")
              || (InetAddresses.isInetAddress(host)
                  && InetAddresses.forString(host).isLoopbackAddress());
      if (!loopback && (tls.isEmpty() || token.isEmpty())) {
        throw UsageException.of(
            "host %s can be reached from other machines: that needs TLS (--tls-certificate and"
                + " --tls-key) and a token (--token-file); 127.0.0.1 needs neither",
            host);
      }
    }
  }

  private StudentServer(
      ImmutableMap<String, String> places, ReadContext context, Access access, ServerLimits limits)
      throws IOException {
    allocator = new RootAllocator();
    served = new ServedDatasets(places, context);
    loads = new FlightLoads(served, limits, allocator);
    Consumer<NettyServerBuilder> settings =
        netty ->
            netty
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    Location location =
        access.tls().isPresent()
            ? Location.forGrpcTls(access.host(), access.port())
            : Location.forGrpcInsecure(access.host(), access.port());
    FlightServer.Builder builder =
        FlightServer.builder(allocator, location, loads)
            .executor(calls())
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .transportHint("grpc.builderConsumer", settings);
    if (!access.token().isEmpty()) {
      builder.middleware(BearerToken.KEY, new BearerToken(access.token()));
    }
    if (access.tls().isPresent()) {
      Access.Tls tls = access.tls().get();
      builder.useTls(tls.certificates().toFile(), tls.key().toFile());
    }
    server = builder.build();
  }

  /**
   * Returns threads for calls: a stream holds one. They are never shut down, since gRPC hands them
   * the ends of calls after the server's own end; idle ones go by themselves.
   */
  private static ExecutorService calls() {
    return Executors.newCachedThreadPool(
        new ThreadFactoryBuilder().setDaemon(true).setNameFormat("stillhouse-serve-%d").build());
  }

  /**
   * Starts a server; all datasets are opened once, so that what is wrong with one is known now.
   *
   * @param places of each name, a path or {@code s3://bucket/prefix}
   * @throws DataException if a dataset cannot be opened, the port is taken, or the certificate and
   *     its key cannot be used
   */
  public static StudentServer start(
      ImmutableMap<String, String> places, ReadContext context, Access access, ServerLimits limits)
      throws IOException {
    access.tls().ifPresent(TlsFiles::check);
    StudentServer started = new StudentServer(places, context, access, limits);
    try {
      places.keySet().forEach(started.served::newest);
      started.server.start();
      return started;
    } catch (IOException e) {
      started.close();
      throw new DataException(
          "cannot listen on " + access.host() + ":" + access.port() + ": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  /** Returns the port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Returns how many streams are under way. */
  public int streams() {
    return loads.streamsOpen();
  }

  /** Returns bytes of Arrow memory that streams hold. */
  long memory() {
    return allocator.getAllocatedMemory();
  }

  /** Returns the max bytes of Arrow memory that streams held at once. */
  long peakMemory() {
    return allocator.getPeakMemoryAllocation();
  }

  /** Waits until the server has ended. */
  public void join() throws InterruptedException {
    server.awaitTermination();
  }

  /**
   * Takes no more calls, lets streams go on for a while, then ends each behind a step.
   *
   * @param seconds for streams to end by themselves, 0 or more
   */
  public void drain(long seconds) throws InterruptedException {
    server.shutdown();
    server.awaitTermination(seconds, TimeUnit.SECONDS);
    loads.stop();
    server.awaitTermination(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
  }

  /** Ends all streams at once and closes the datasets. */
  @Override
  public void close() {
    loads.stop();
    await(() -> loads.streamsOpen() == 0); // They need the transport and the stores to end.
    try {
      server.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    served.close();
    await(() -> memory() == 0); // The transport gives back what it had queued, on its threads.
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      throw new IllegalStateException("memory of a stream was not given back", e);
    }
  }

  private static void await(BooleanSupplier ended) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_BACK_SECONDS);
    while (!ended.getAsBoolean() && System.nanoTime() < end) {
      Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(5));
    }
  }
}

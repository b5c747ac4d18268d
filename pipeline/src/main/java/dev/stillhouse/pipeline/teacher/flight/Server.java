package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.flight.FlightArgument.Address;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Result;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One server: the connection to it, and whether it rests because it gave no answer. The monitor of
 * {@link Servers} guards all but the connection.
 */
final class Server implements AutoCloseable {
  /** Max bytes of one message of an answer, of which a server sends a few MiB. */
  private static final int MAX_MESSAGE = 96 << 20;

  /** Bytes that may be under way before this side has read them. */
  private static final int WINDOW = 16 << 20;

  private static final long FIRST_REST = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(15);
  private static final int ALIVE_SECONDS = 30;

  private final Address address;
  private final BufferAllocator allocator;
  private final ManagedChannel channel;
  private final FlightClient client;
  private final CallOption token;
  private final int timeoutSeconds;

  private int calls;
  private boolean away;
  private long restUntil;
  private long rest;
  private String reason = "";

  Server(Address address, FlightArgument argument, BufferAllocator allocator) {
    this.address = address;
    this.allocator = allocator;
    this.channel = channel(address, argument.tls());
    this.client = FlightGrpcUtils.createFlightClient(allocator, channel);
    FlightCallHeaders headers = new FlightCallHeaders();
    if (!argument.token().isEmpty()) {
      headers.insert("authorization", "Bearer " + argument.token());
    }
    this.token = new HeaderCallOption(headers);
    this.timeoutSeconds = argument.timeoutSeconds();
  }

  private static ManagedChannel channel(Address address, String tls) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .maxInboundMessageSize(MAX_MESSAGE)
            .flowControlWindow(WINDOW)
            .keepAliveTime(ALIVE_SECONDS, TimeUnit.SECONDS)
            .disableRetry();
    if (tls.isEmpty()) {
      return builder.usePlaintext().build();
    }
    try {
      SslContextBuilder context = GrpcSslContexts.forClient();
      if (!tls.equals(FlightArgument.SYSTEM)) {
        context.trustManager(new File(tls));
      }
      return builder.sslContext(context.build()).build();
    } catch (SSLException | IllegalArgumentException e) {
      throw UsageException.of("flight: tls=%s: no certificates of PEM form: %s", tls, e);
    }
  }

  /** Returns what the server says of itself. */
  ServerInfo hello() {
    try {
      Iterator<Result> results =
          client.doAction(new Action("hello"), token, timeout(Math.min(60, timeoutSeconds)));
      if (!results.hasNext()) {
        throw DataException.of("%s: no server of Stillhouse's teachers: it says nothing", address);
      }
      ServerInfo info = ServerInfo.parse(address.toString(), results.next().getBody());
      results.forEachRemaining(more -> {});
      return info;
    } catch (FlightRuntimeException e) {
      throw Failures.of(address.toString(), Prompts.NONE, e);
    }
  }

  /** Sends prompts, and returns the answer as it comes. */
  Exchange exchange(byte[] command, Prompts prompts) {
    return new Exchange(
        client, allocator, address.toString(), command, prompts, token, timeout(timeoutSeconds));
  }

  private static CallOption timeout(int seconds) {
    return CallOptions.timeout(seconds, TimeUnit.SECONDS);
  }

  int calls() {
    return calls;
  }

  void begin() {
    calls++;
  }

  void end() {
    calls--;
  }

  boolean resting(long now) {
    return away && now - restUntil < 0;
  }

  long restUntil() {
    return restUntil;
  }

  /** Lets it rest, longer each time; returns whether it was well before. */
  boolean rest(long now, String why) {
    boolean news = !away;
    rest = away ? Math.min(LONGEST_REST, 2 * rest) : FIRST_REST;
    away = true;
    restUntil = now + rest;
    reason = why;
    return news;
  }

  /** Tells that it answered; returns whether it was away before. */
  boolean well() {
    boolean news = away;
    away = false;
    return news;
  }

  /** Forgets how long gRPC itself would wait before it connects again. */
  void wake() {
    channel.resetConnectBackoff();
  }

  String reason() {
    return address + ": " + reason;
  }

  @Override
  public String toString() {
    return address.toString();
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}

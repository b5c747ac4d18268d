package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.storage.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;

/** A server of the protocol in this JVM, over {@link HashModel}; a test may change its answers. */
final class FakeServer extends NoOpFlightProducer implements AutoCloseable {
  /** It tells of every connection that a test cuts. Held, or its level would be forgotten. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.OFF);
  }

  private final AtomicBoolean closed = new AtomicBoolean();

  /** Changes what the server says of itself. */
  final Map<String, Object> hello = new LinkedHashMap<>();

  /** Calls that were begun. */
  final AtomicInteger calls = new AtomicInteger();

  volatile Behaviour behaviour = (call, answer) -> answer.sendAll();

  private final BufferAllocator allocator = new RootAllocator();
  private final FlightServer server;
  private final int port;

  /** What the server does with a call, counted from 1. */
  interface Behaviour {
    void answer(int call, FakeAnswer answer) throws Exception;
  }

  /** A row that is asked for. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(int number, int token, int target, long sequence, int position, float[] logits) {}

  FakeServer() throws IOException {
    this(0);
  }

  FakeServer(int wanted) throws IOException {
    hello.put("v", 1);
    hello.put("fingerprint", "fake hash model");
    hello.put("arithmetic", "plain");
    hello.put("vocabulary", HashModel.V);
    hello.put("dense", "float32");
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", wanted), this)
            .build();
    server.start();
    port = server.getPort();
  }

  /** Returns what {@code --teacher} takes behind {@code flight:}. */
  String name() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    listener.onNext(new Result(Json.line(hello).getBytes(StandardCharsets.UTF_8)));
    listener.onCompleted();
  }

  @Override
  public void doExchange(CallContext context, FlightStream reader, ServerStreamListener writer) {
    int call = calls.incrementAndGet();
    try {
      String command = new String(reader.getDescriptor().getCommand(), StandardCharsets.UTF_8);
      List<Row> rows = rows(reader);
      try (FakeAnswer answer = new FakeAnswer(command, rows, hello, writer, allocator)) {
        behaviour.answer(call, answer);
      }
    } catch (Exception e) {
      writer.error(
          CallStatus.INTERNAL.withDescription(e.toString()).withCause(e).toRuntimeException());
    }
  }

  private static List<Row> rows(FlightStream reader) {
    List<Row> rows = new ArrayList<>();
    while (reader.next()) {
      VectorSchemaRoot root = reader.getRoot();
      ListVector lists = (ListVector) root.getVector("tokens");
      IntVector ids = (IntVector) lists.getDataVector();
      for (int p = 0; p < root.getRowCount(); p++) {
        int start = lists.getElementStartIndex(p);
        int end = lists.getElementEndIndex(p);
        int[] tokens = new int[end - start];
        for (int t = 0; t < tokens.length; t++) {
          tokens[t] = ids.get(start + t);
        }
        int first = ((IntVector) root.getVector("first")).get(p);
        int next = ((IntVector) root.getVector("next")).get(p);
        long sequence = ((BigIntVector) root.getVector("sequence")).get(p);
        int position = ((IntVector) root.getVector("position")).get(p);
        for (int t = first; t < tokens.length; t++) {
          int target = t + 1 < tokens.length ? tokens[t + 1] : next;
          rows.add(
              new Row(
                  rows.size(),
                  tokens[t],
                  target,
                  sequence,
                  position + t,
                  HashModel.row(tokens, 0, t + 1)));
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      server.shutdown();
      server.awaitTermination(1, TimeUnit.SECONDS);
      server.close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

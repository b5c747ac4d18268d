package dev.stillhouse.serve;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.replica.ReadContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A server and a client of it, both in this JVM, over loopback. */
final class FlightClients implements AutoCloseable {
  final StudentServer server;
  final BufferAllocator allocator = new RootAllocator();
  final FlightClient client;

  FlightClients(Map<String, String> places, String token, ServerLimits limits) throws IOException {
    server =
        StudentServer.start(
            ImmutableMap.copyOf(places),
            ReadContext.ANYWHERE,
            new StudentServer.Access("127.0.0.1", 0, token, Optional.empty()),
            limits);
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", server.port()))
            .build();
  }

  /** Returns the command of a request with these fields beside its version. */
  static FlightDescriptor command(Map<String, Object> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.putIfAbsent("v", 1);
    return FlightDescriptor.command(Json.line(all).getBytes(StandardCharsets.UTF_8));
  }

  FlightStream stream(Map<String, Object> fields, CallOption... options) {
    FlightInfo info = client.getInfo(command(fields), options);
    return client.getStream(info.getEndpoints().get(0).getTicket(), options);
  }

  /** Returns the cursors behind all steps of a load. */
  List<Cursor> cursors(Map<String, Object> fields) throws Exception {
    List<Cursor> cursors = new ArrayList<>();
    try (FlightStream stream = stream(fields)) {
      while (stream.next()) {
        cursors.add(cursor(stream));
      }
    }
    return cursors;
  }

  static Cursor cursor(FlightStream stream) {
    byte[] json = new byte[(int) stream.getLatestMetadata().readableBytes()];
    stream.getLatestMetadata().getBytes(0, json);
    return Cursor.parse(
        Json.line(
            Json.parse("metadata", json, com.fasterxml.jackson.databind.JsonNode.class)
                .get("cursor")),
        "metadata");
  }

  @Override
  public void close() throws Exception {
    try (BufferAllocator memory = allocator;
        StudentServer ended = server;
        FlightClient gone = client) {
      // In this order: the client, the server, the memory, which says if some was not given back.
    }
  }
}

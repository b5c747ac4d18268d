package dev.stillhouse.serve;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.ReaderSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A server as the child of another process. The first line of standard input is its {@link
 * Settings}, JSON, so that no argument shows the token; it prints {@code {"port": N}} or {@code
 * {"error": {...}}}, and ends when its standard input does: that is, when the parent ends in
 * whatever way.
 */
public final class ServerProcess {
  private static final int MAX_SETTINGS = 1 << 20;

  private ServerProcess() {}

  /**
   * What is served.
   *
   * @param v version of this form, that of {@link LoadRequest}
   * @param datasets place of each name
   * @param token that calls must have
   * @param reader from where they are read
   */
  record Settings(
      int v,
      Map<String, String> datasets,
      String token,
      @JsonProperty("reader") @IfAbsent("{}") ReaderSettings reader) {}

  /** Serves until standard input ends. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (StudentServer server = start(in.readLine())) {
      System.out.println(Json.line(Map.of("port", server.port())));
      System.out.flush();
      while (in.read() >= 0) {
        // Nothing more is said; the end is what is waited for.
      }
    } catch (DataException | UsageException e) {
      tell(e);
    }
    System.exit(0); // Streams of a parent that is gone hold threads.
  }

  private static StudentServer start(@Nullable String line) throws IOException {
    if (line == null || line.length() > MAX_SETTINGS) {
      throw new UsageException("standard input must begin with a line of JSON, the settings");
    }
    Settings settings =
        Json.parse("settings", line.getBytes(StandardCharsets.UTF_8), Settings.class);
    return StudentServer.start(
        ImmutableMap.copyOf(settings.datasets()),
        settings.reader().context(),
        new StudentServer.Access("127.0.0.1", 0, settings.token(), Optional.empty()),
        ServerLimits.DEFAULT);
  }

  private static void tell(RuntimeException error) {
    System.out.println(
        Json.line(
            Map.of(
                "error",
                Map.of("kind", Failures.kind(error), "message", Failures.message(error)))));
    System.out.flush();
  }
}

package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text behind {@code flight:} on the command line: {@code
 * HOST:PORT[;HOST:PORT...][,NAME=VALUE...]}.
 *
 * @param servers where they listen; the same model on each
 * @param dense type of whole rows; null for finished statistics
 * @param context max tokens of a prompt; null for what the model takes
 * @param stride how far a window moves; null for half the window
 * @param token what the servers ask for; "" for nothing
 * @param tls PEM file of who signed the servers' certificates, or "system"; "" without TLS
 * @param waitSeconds how long all servers may be away
 * @param timeoutSeconds how long one call may take
 */
record FlightArgument(
    ImmutableList<Address> servers,
    @Nullable String dense,
    @Nullable Integer context,
    @Nullable Integer stride,
    String token,
    String tls,
    int waitSeconds,
    int timeoutSeconds) {
  static final String TOKEN_VARIABLE = "STILLHOUSE_TEACHER_TOKEN";
  static final String SYSTEM = "system";

  private static final String EXAMPLE = "as in flight:localhost:8815 or flight:a:8815;b:8815";
  private static final ImmutableList<String> SETTINGS =
      ImmutableList.of("dense", "context", "stride", "token-file", "tls", "wait", "timeout");
  private static final Pattern ADDRESS =
      Pattern.compile("(?://)?(\\[[0-9A-Fa-f:]+]|[^:/;,\\[\\]@\\s]+):([0-9]{1,5})/?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]+){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  /** Where a server listens. */
  record Address(String host, int port) {
    boolean loopback() {
      return LOOPBACK.matcher(host).matches();
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  static FlightArgument parse(String text) {
    List<String> parts = Splitter.on(',').splitToList(text);
    ImmutableList<Address> servers =
        Splitter.on(';')
            .splitToStream(parts.get(0))
            .map(FlightArgument::address)
            .distinct()
            .collect(ImmutableList.toImmutableList());
    Map<String, String> settings = settings(parts.subList(1, parts.size()));
    @Nullable String dense = settings.get("dense");
    if (dense != null && !List.of("own", "float32", "bfloat16").contains(dense)) {
      throw UsageException.of("flight: dense=%s: need own, float32 or bfloat16", dense);
    }
    String tls = settings.getOrDefault("tls", "");
    if (!tls.isEmpty() && !tls.equals(SYSTEM) && !LocalPath.isFile(tls)) {
      throw UsageException.of(
          "flight: tls=%s: need a PEM file of who signed the servers' certificates, or system",
          tls);
    }
    String token = token(settings.get("token-file"));
    for (Address server : servers) {
      if (tls.isEmpty() && !token.isEmpty() && !server.loopback()) {
        throw UsageException.of(
            "flight: a token is sent to %s by TLS alone; add tls=system or tls=FILE.pem", server);
      }
    }
    return new FlightArgument(
        servers,
        dense,
        number(settings, "context", 1),
        number(settings, "stride", 1),
        token,
        tls,
        orElse(number(settings, "wait", 0), 600),
        orElse(number(settings, "timeout", 1), 600));
  }

  private static int orElse(@Nullable Integer value, int other) {
    return value == null ? other : value;
  }

  private static Address address(String text) {
    Matcher m = ADDRESS.matcher(text);
    Integer port = m.matches() ? Ints.tryParse(m.group(2)) : null;
    if (port == null || port < 1 || port > 65535) {
      throw UsageException.of("flight: server '%s': need HOST:PORT, %s", hidden(text), EXAMPLE);
    }
    return new Address(m.group(1), port);
  }

  /** Returns the text without what stands before {@code @}, which may be a password. */
  private static String hidden(String text) {
    return text.substring(text.lastIndexOf('@') + 1);
  }

  private static Map<String, String> settings(List<String> parts) {
    Map<String, String> settings = new HashMap<>();
    for (String part : parts) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (equals < 0 || !SETTINGS.contains(name)) {
        throw UsageException.of(
            "flight: no setting '%s'; present: %s, each NAME=VALUE", name, SETTINGS);
      }
      if (settings.put(name, part.substring(equals + 1)) != null) {
        throw UsageException.of("flight: %s= stands here a second time", name);
      }
    }
    return settings;
  }

  private static @Nullable Integer number(Map<String, String> settings, String name, int min) {
    @Nullable String text = settings.get(name);
    if (text == null) {
      return null;
    }
    Integer value = Ints.tryParse(text);
    if (value == null || value < min) {
      throw UsageException.of("flight: %s=%s: need a whole number >= %d", name, text, min);
    }
    return value;
  }

  private static String token(@Nullable String file) {
    @Nullable String token = System.getenv(TOKEN_VARIABLE);
    String from = "environment variable " + TOKEN_VARIABLE;
    if (file != null) {
      from = "token-file=" + file;
      Path path = LocalPath.of("flight: token-file", file);
      try {
        token = Files.readString(path, StandardCharsets.US_ASCII).strip();
      } catch (IOException e) {
        throw UsageException.of("flight: %s cannot be read: %s", from, e);
      }
    }
    if (token == null || (file == null && token.isEmpty())) {
      return "";
    }
    if (!token.matches("[!-~]+")) {
      throw UsageException.of("flight: %s: need one word of printable ASCII", from);
    }
    return token;
  }

  /** Returns what decides the answers, for people and manifests. */
  String label() {
    List<String> parts = new ArrayList<>();
    if (dense != null) {
      parts.add("dense=" + dense);
    }
    if (context != null) {
      parts.add("context=" + context);
    }
    if (stride != null) {
      parts.add("stride=" + stride);
    }
    return String.join(",", parts);
  }

  /** Shows no token. */
  @Override
  public String toString() {
    return "flight:" + String.join(";", servers.stream().map(Address::toString).toList());
  }
}

package dev.stillhouse.cli.commands;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.serve.ServerLimits;
import dev.stillhouse.serve.StudentServer;
import dev.stillhouse.serve.StudentServer.Access;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serve}: gives students on other processes and machines their batches. */
@Command(
    name = "serve",
    description = "Serves datasets to students in any language, over Arrow Flight.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse serve my-dataset",
      "  stillhouse serve books=s3://bucket/books code=/data/code --port 8815",
      "  stillhouse serve my-dataset --host 0.0.0.0 --token-file token.txt \\",
      "    --tls-certificate server.pem --tls-key server.key",
      "",
      "Students of this machine need nothing more. A server that other machines can reach",
      "needs TLS and a token. It runs until Ctrl-C or SIGTERM: it then takes no new",
      "streams, and ends those that are open behind a step."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final long MEGABYTE = 1_000_000;
  private static final int MIN_TOKEN = 16;
  private static final int MAX_TOKEN = 4096;

  @Mixin private Terminal terminal = new Terminal();
  @Mixin private ReaderOptions reading = new ReaderOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "[NAME=]DATASET",
      description = "Path or s3://bucket/prefix; students call it NAME, or by its last part.")
  private List<String> datasets = List.of();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8815",
      description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port = 8815;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The token that students must send, of 16 characters or more.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "PEM file of the server's certificate chain.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM file of its key.")
  private @Nullable Path key;

  @Option(
      names = "--max-streams",
      paramLabel = "N",
      defaultValue = "64",
      description = "Streams that may be open at once (default: ${DEFAULT-VALUE}).")
  private int streams = 64;

  @Option(
      names = "--ahead-megabytes",
      paramLabel = "MB",
      defaultValue = "134",
      description = "Memory for what each stream reads ahead (default: ${DEFAULT-VALUE}).")
  private long ahead = 134;

  @Option(
      names = "--drain-seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "How long open streams may go on when it ends (default: ${DEFAULT-VALUE}).")
  private long drain = 10;

  /**
   * The result; its keys are promised to programs.
   *
   * @param host the address that it listens on
   * @param port the port
   * @param datasets names that students may use
   */
  record Serving(String host, int port, Set<String> datasets) {}

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > 65_535 || drain < 0 || ahead < 0 || ahead > 1L << 30 || streams < 1) {
      throw UsageException.of(
          "--port %d --drain-seconds %d --ahead-megabytes %d --max-streams %d: need 0 to 65535, 0 or"
              + " more, 0 to %d, 1 or more",
          port, drain, ahead, streams, 1L << 30);
    }
    ServerLimits limits =
        new ServerLimits(streams, ahead * MEGABYTE, ServerLimits.DEFAULT.stepBytes());
    StudentServer server = StudentServer.start(places(), reading.context(), access(), limits);
    Thread end = new Thread(() -> end(server), "stillhouse-drain");
    Runtime.getRuntime().addShutdownHook(end);
    Set<String> names = places().keySet();
    terminal.say("serving %s on %s:%d", String.join(", ", names), host, server.port());
    terminal.result(new Serving(host, server.port(), names));
    try {
      server.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.close();
    }
    return 0;
  }

  private void end(StudentServer server) {
    try {
      server.drain(drain);
      server.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ImmutableMap<String, String> places() {
    Map<String, String> places = new LinkedHashMap<>();
    for (String dataset : datasets) {
      int equals = dataset.indexOf('=');
      String place = dataset.substring(equals + 1);
      String name = equals > 0 ? dataset.substring(0, equals) : lastPart(place);
      if (name.isEmpty() || place.isEmpty()) {
        throw UsageException.of("dataset '%s': need PATH, or NAME=PATH", dataset);
      }
      if (places.putIfAbsent(name, place) != null) {
        throw UsageException.of(
            "two datasets are called %s: give one another name, as in other=%s", name, place);
      }
    }
    return ImmutableMap.copyOf(places);
  }

  private static String lastPart(String place) {
    String path = place.replaceAll("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Access access() throws IOException {
    if ((certificate == null) != (key == null)) {
      throw new UsageException("--tls-certificate and --tls-key need each other");
    }
    Optional<Access.Tls> tls =
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(
                new Access.Tls(
                    readable("--tls-certificate", certificate), readable("--tls-key", key)));
    return new Access(host, port, tokenFile == null ? "" : token(tokenFile), tls);
  }

  private static String token(Path file) throws IOException {
    readable("--token-file", file);
    if (Files.size(file) > MAX_TOKEN) {
      throw UsageException.of(
          "--token-file %s: %d bytes; need at most %d", file, Files.size(file), MAX_TOKEN);
    }
    String token = Files.readString(file).strip();
    if (token.length() < MIN_TOKEN || !token.matches("[!-~]+")) {
      throw UsageException.of(
          "--token-file %s: need one line of %d or more printable characters without spaces; make"
              + " one with: openssl rand -hex 32",
          file, MIN_TOKEN);
    }
    return token;
  }

  private static Path readable(String option, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new DataException(option + " " + file + ": no such file, or it cannot be read");
    }
    return file;
  }
}

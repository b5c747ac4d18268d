package dev.stillhouse.storage.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stillhouse.storage.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real S3 server (Adobe's S3Mock) in a process of its own on this machine, up in six seconds. It
 * ends when this process does, however that ends.
 */
public final class S3Server implements AutoCloseable {
  /** The bucket that is there. */
  public static final String BUCKET = "stillhouse";

  /** Nobody may ever read this: tests look for it in what is printed. */
  public static final String SECRET = "canary-8c1f27ab";

  private static final Duration START = Duration.ofMinutes(2);
  private static final Pattern PORT = Pattern.compile("started on ports.* ([0-9]+) \\(http\\)");
  private static @Nullable S3Server shared;

  private final Process process;
  private final S3Front front;

  private S3Server(Process process, int port) {
    this.process = process;
    this.front = new S3Front("http://127.0.0.1:" + port);
  }

  /**
   * The server that all tests of this process share; the SDK's system properties lead to it from
   * then on.
   */
  public static synchronized S3Server shared() {
    if (shared == null) {
      shared = start();
      System.setProperty("aws.endpointUrl", shared.endpoint());
      System.setProperty("aws.accessKeyId", "anybody");
      System.setProperty("aws.secretAccessKey", SECRET);
      System.setProperty("aws.region", "us-east-1");
    }
    return shared;
  }

  /** The name of a store that nobody else uses. */
  public static String freshStore() {
    shared();
    return "s3://" + BUCKET + "/" + UUID.randomUUID();
  }

  /** Another server. */
  public static S3Server start() {
    try {
      Process process = new ProcessBuilder(command()).redirectErrorStream(true).start();
      return new S3Server(process, port(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command() {
    List<String> words = TestJvm.java("-Xmx256m", "-cp");
    words.add(
        String.join(
            System.getProperty("path.separator"),
            List.of(
                jar("org.springframework.boot.loader.launch.JarLauncher"),
                jar(S3ServerProcess.class.getName()))));
    words.add(S3ServerProcess.class.getName());
    words.addAll(List.of("--server.address=127.0.0.1", "--server.port=0", "--http.port=0"));
    words.add("--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET);
    words.addAll(List.of("--spring.main.banner-mode=off", "--logging.level.root=WARN"));
    words.add("--logging.level.org.springframework.boot.tomcat.TomcatWebServer=INFO");
    return words;
  }

  private static String jar(String type) {
    try {
      return Path.of(
              Class.forName(type, false, S3Server.class.getClassLoader())
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI())
          .toString();
    } catch (ReflectiveOperationException | java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int port(Process process) {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              StringBuilder said = new StringBuilder();
              try (BufferedReader out = process.inputReader(UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                  Matcher found = PORT.matcher(line);
                  if (found.find()) {
                    port.complete(Integer.parseInt(found.group(1)));
                  } else if (!port.isDone()) {
                    said.append(line).append('\n');
                  }
                }
              } catch (IOException e) {
                said.append(e);
              }
              port.completeExceptionally(new IllegalStateException("ended; it said: " + said));
            },
            "s3-server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      return port.get(START.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("the S3 server did not start: " + e, e);
    }
  }

  /** URL for the SDK. */
  public String endpoint() {
    return front.endpoint();
  }

  /**
   * From now on answers requests in S3's words instead of passing them on.
   *
   * @param requests those that are, by method and path, as in "GET /bucket/prefix/key"
   */
  public void answer(Predicate<String> requests, int status, String code) {
    front.fault(
        (exchange, server) -> {
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
          if (!requests.test(request)) {
            return false;
          }
          S3Front.error(exchange, status, code, "no");
          return true;
        });
  }

  /** From now on overwrites what a writer puts on the condition that it is not there. */
  public void ignoreConditions() {
    front.ignoreConditions(true);
  }

  /** From now on answers lists whose query holds this as if nothing were there yet. */
  public void emptyLists(String query) {
    front.fault(
        (exchange, server) -> {
          String asked = String.valueOf(exchange.getRequestURI().getRawQuery());
          if (!asked.contains("list-type=2") || !asked.contains(query)) {
            return false;
          }
          exchange.getRequestBody().readAllBytes();
          String xml =
              "<?xml version=\"1.0\"?><ListBucketResult><Name>"
                  + BUCKET
                  + "</Name><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys>"
                  + "<IsTruncated>false</IsTruncated></ListBucketResult>";
          S3Front.send(exchange, 200, xml.getBytes(UTF_8));
          return true;
        });
  }

  /** From now on passes all requests on. */
  public void passOn() {
    front.ignoreConditions(false);
    front.fault((exchange, server) -> false);
  }

  /** Requests that came so far. */
  public int requests() {
    return front.asked().size();
  }

  /** Kills it. */
  @Override
  public void close() {
    front.close();
    process.destroyForcibly().onExit().join();
  }
}

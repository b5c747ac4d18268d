package dev.stillhouse.storage.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** A store whose server stands behind a front that can do wrong. */
@Tag("slow")
abstract class S3BehindFront {
  static final String TOKEN = "canary-token-91d2";

  /** The attempts of {@link Retries#USUAL}, without its waits. */
  private static final Retries SHORT = new Retries(Duration.ofMillis(1), Duration.ofMillis(10));

  final S3Front front = new S3Front(S3Server.shared().endpoint());
  BlobStore store = new MemoryStore("unset");

  @BeforeEach
  void open() {
    store = open(SHORT);
  }

  /** Opens another store behind the front. */
  final BlobStore open(Retries retries) {
    return new S3Store(
        "here",
        new S3Name(S3Server.BUCKET, UUID.randomUUID().toString()),
        () ->
            S3Connection.of(
                S3AsyncClient.builder()
                    .endpointOverride(URI.create(front.endpoint()))
                    .region(Region.US_EAST_1)
                    .credentialsProvider(
                        StaticCredentialsProvider.create(
                            AwsSessionCredentials.create("canary-id", S3Server.SECRET, TOKEN)))),
        retries);
  }

  @AfterEach
  void close() {
    store.close();
    front.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  final List<ByteBuffer> read(ByteRange... ranges) {
    return store.read("a", List.of(ranges)).join();
  }

  final Throwable readError(ByteRange range) {
    RuntimeException error = assertThrows(RuntimeException.class, () -> read(range));
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  static String message(Throwable error) {
    return String.valueOf(error.getMessage());
  }

  /** Does this to the first requests of a method, and passes the others on. */
  final void first(int count, String method, S3Front.Fault fault) {
    AtomicInteger left = new AtomicInteger(count);
    front.fault(
        (exchange, server) ->
            exchange.getRequestMethod().equals(method)
                && left.getAndDecrement() > 0
                && fault.instead(exchange, server));
  }

  static S3Front.Fault error(int status, String code) {
    return (exchange, server) -> {
      S3Front.error(exchange, status, code, "no");
      return true;
    };
  }
}

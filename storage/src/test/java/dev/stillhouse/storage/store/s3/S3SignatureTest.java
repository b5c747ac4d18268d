package dev.stillhouse.storage.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.sun.net.httpserver.HttpExchange;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * S3Mock takes any signature; AWS does not. Here each request's is computed again from what came
 * over the wire, by the rules of Signature Version 4: it shows that the JDK's client changes
 * nothing that the SDK has signed.
 */
@Tag("slow")
@Timeout(300)
class S3SignatureTest {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=id/([^/]+)/us-east-1/s3/aws4_request,"
              + " SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");

  @Test
  void everyRequestArrivesAsItWasSigned() {
    List<String> wrong = new CopyOnWriteArrayList<>();
    try (S3Front front = new S3Front(S3Server.shared().endpoint());
        BlobStore store = new S3Store("here", name(), () -> connection(front), Retries.USUAL)) {
      front.fault(
          (exchange, server) -> {
            if (!signature(exchange).equals(said(exchange).group(3))) {
              wrong.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            }
            return false;
          });
      assertTrue(store.putIfAbsent("a/b-c_d.e", "text".getBytes(UTF_8)));
      assertTrue(store.putIfAbsent("empty", new byte[0]));
      assertEquals(4, store.size("a/b-c_d.e").orElseThrow());
      assertEquals(
          2, store.read("a/b-c_d.e", List.of(new ByteRange(1, 2))).join().get(0).remaining());
      assertEquals(2, store.list("").size());
      assertEquals(1, store.list("a/").size());
      store.delete("empty");
      assertEquals(7, front.asked().size());
    }
    assertEquals(List.of(), wrong);
  }

  private static S3Name name() {
    return new S3Name(S3Server.BUCKET, "s/" + UUID.randomUUID());
  }

  private static S3Connection connection(S3Front front) {
    return S3Connection.of(
        S3AsyncClient.builder()
            .endpointOverride(URI.create(front.endpoint()))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key"))));
  }

  private static Matcher said(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    Matcher matcher = AUTHORIZATION.matcher(header);
    assertTrue(matcher.matches(), header);
    return matcher;
  }

  private static String signature(HttpExchange exchange) {
    Matcher said = said(exchange);
    String headers =
        Arrays.stream(said.group(2).split(";"))
            .map(header -> header + ":" + header(exchange, header) + "\n")
            .collect(Collectors.joining());
    String request =
        String.join(
            "\n",
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            query(exchange.getRequestURI()),
            headers,
            said.group(2),
            header(exchange, "x-amz-content-sha256"));
    String scope = said.group(1) + "/us-east-1/s3/aws4_request";
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            header(exchange, "x-amz-date"),
            scope,
            Hashing.sha256().hashString(request, UTF_8).toString());
    byte[] key = "AWS4key".getBytes(UTF_8);
    for (String part : List.of(said.group(1), "us-east-1", "s3", "aws4_request")) {
      key = hmac(key, part);
    }
    return Hashing.hmacSha256(key).hashString(toSign, UTF_8).toString();
  }

  private static byte[] hmac(byte[] key, String text) {
    return Hashing.hmacSha256(key).hashString(text, UTF_8).asBytes();
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value.strip();
  }

  private static String query(URI uri) {
    return uri.getRawQuery() == null
        ? ""
        : Arrays.stream(uri.getRawQuery().split("&"))
            .map(part -> part.contains("=") ? part : part + "=")
            .sorted()
            .collect(Collectors.joining("&"));
  }
}

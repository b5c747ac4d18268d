package dev.stillhouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real certificates, real connections: who is let in, and what the others read. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
  private static final String TOKEN = "a token of some length";

  @TempDir static Path directory = Path.of("unset");

  @BeforeAll
  static void writeCertificates() throws Exception {
    TestCertificates.write(directory);
    try (BlobStore store = new DirectoryStore("home", directory.resolve("rows"))) {
      new SampleDatasets(store, "rows", 12, ConsistentStatistics::of).write(5, 9, 1);
    }
  }

  private static StudentServer serve(String certificate, String key) throws IOException {
    return StudentServer.start(
        ImmutableMap.of("rows", directory.resolve("rows").toString()),
        ReadContext.ANYWHERE,
        new StudentServer.Access(
            "127.0.0.1",
            0,
            TOKEN,
            Optional.of(
                new StudentServer.Access.Tls(
                    directory.resolve(certificate), directory.resolve(key)))),
        ServerLimits.DEFAULT);
  }

  /** Reads a dataset from a server, as a client that trusts {@code root}. */
  private static int samples(StudentServer server, String root, CallOption... options)
      throws Exception {
    try (BufferAllocator memory = new RootAllocator();
        InputStream roots = Files.newInputStream(directory.resolve(root));
        FlightClient client =
            FlightClient.builder(memory, Location.forGrpcTls("127.0.0.1", server.port()))
                .trustedCertificates(roots)
                .build()) {
      FlightInfo info =
          client.getInfo(
              FlightClients.command(ImmutableMap.of("dataset", "rows", "batch", 5)), options);
      int samples = 0;
      try (FlightStream stream =
          client.getStream(info.getEndpoints().get(0).getTicket(), options)) {
        while (stream.next()) {
          samples += stream.getRoot().getRowCount();
        }
      }
      return samples;
    }
  }

  private static CallOption bearer(String token) {
    FlightCallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer " + token);
    return new HeaderCallOption(headers);
  }

  @Test
  void theRightRootAndTokenRead() throws Exception {
    try (StudentServer server = serve("good.pem", "good.key")) {
      assertEquals(10, samples(server, "ca.pem", bearer(TOKEN)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "good,      unknown.pem, unable to find valid certification path|path does not chain",
    "expired,   ca.pem,      NotAfter|validity check failed|expired",
    "elsewhere, ca.pem,      No subject alternative names|127.0.0.1"
  })
  void whoCannotBeTrustedIsNotTalkedTo(String certificate, String root, String why)
      throws Exception {
    try (StudentServer server = serve(certificate + ".pem", certificate + ".key")) {
      FlightRuntimeException e =
          assertThrows(FlightRuntimeException.class, () -> samples(server, root, bearer(TOKEN)));
      assertEquals(FlightStatusCode.UNAVAILABLE, e.status().code());
      String chain =
          Throwables.getCausalChain(e).stream()
              .map(String::valueOf)
              .collect(Collectors.joining("\n"));
      assertTrue(chain.matches("(?s).*(" + why + ").*"), chain);
    }
  }

  @Test
  void aWrongTokenIsRefusedAndTheServerGoesOn() throws Exception {
    try (StudentServer server = serve("good.pem", "good.key")) {
      FlightRuntimeException missing =
          assertThrows(FlightRuntimeException.class, () -> samples(server, "ca.pem"));
      assertEquals(FlightStatusCode.UNAUTHENTICATED, missing.status().code());
      assertTrue(String.valueOf(missing.getMessage()).contains("needs a token"));
      FlightRuntimeException wrong =
          assertThrows(
              FlightRuntimeException.class, () -> samples(server, "ca.pem", bearer(TOKEN + "x")));
      assertEquals(FlightStatusCode.UNAUTHENTICATED, wrong.status().code());
      assertTrue(String.valueOf(wrong.getMessage()).contains("not this server's"));
      assertEquals(10, samples(server, "ca.pem", bearer(TOKEN)));
    }
  }

  /** A client without TLS gets no answer in clear. */
  @Test
  void withoutTlsThereIsNoAnswer() throws Exception {
    try (StudentServer server = serve("good.pem", "good.key");
        BufferAllocator memory = new RootAllocator();
        FlightClient client =
            FlightClient.builder(memory, Location.forGrpcInsecure("127.0.0.1", server.port()))
                .build()) {
      assertThrows(
          FlightRuntimeException.class,
          () -> client.getInfo(FlightDescriptor.path("rows"), bearer(TOKEN)));
      assertEquals(10, samples(server, "ca.pem", bearer(TOKEN)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rows/nothing, good.key,    rows/nothing",
    "good.key,     good.key,    good.key",
    "good.pem,     good.pem,    good.pem",
    "good.pem,     expired.key, expired.key",
  })
  void filesThatAreNoCertificateAndItsKeyAreNamed(String certificate, String key, String named) {
    DataException e = assertThrows(DataException.class, () -> serve(certificate, key).close());
    assertTrue(String.valueOf(e.getMessage()).contains(named), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("PEM"), e.getMessage());
  }
}

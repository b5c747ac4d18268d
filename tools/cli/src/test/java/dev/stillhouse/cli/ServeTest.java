package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.storage.TestJvm;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process, and what it refuses. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeTest {
  @TempDir static Path directory = Path.of("unset");

  @BeforeAll
  static void extract() throws Exception {
    Path text = TestTexts.text(directory.resolve("book.txt"), 600);
    Command.line(
            "extract --corpus %s --teacher ngram --statistic top-k:4 --sequence-length 32 "
                + "--out %s",
            text, directory.resolve("d"))
        .succeeds();
  }

  @Test
  void aProcessServesAndEndsWhenItIsAsked() throws Exception {
    List<String> words = TestJvm.of(Stillhouse.class);
    words.addAll(List.of("serve", "texts=" + directory.resolve("d"), "--port", "0"));
    words.addAll(List.of("--drain-seconds", "0", "--json"));
    Process process =
        new ProcessBuilder(words).redirectError(directory.resolve("err").toFile()).start();
    try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        BufferAllocator allocator = new RootAllocator()) {
      JsonNode said = new ObjectMapper().readTree(out.readLine());
      assertEquals("[\"texts\"]", said.get("datasets").toString());
      try (FlightClient client =
          FlightClient.builder(
                  allocator, Location.forGrpcInsecure("127.0.0.1", said.get("port").asInt()))
              .build()) {
        FlightInfo info =
            client.getInfo(
                FlightDescriptor.command(
                    "{\"v\":1,\"dataset\":\"texts\",\"batch\":4}"
                        .getBytes(StandardCharsets.UTF_8)));
        try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket())) {
          assertTrue(stream.next());
          assertEquals(4, stream.getRoot().getRowCount());
        }
      }
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
      assertEquals(143, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(directory.resolve("err"));
    assertTrue(said.contains("serving texts on 127.0.0.1:"), said);
    assertTrue(!said.contains("Exception"), said);
  }

  @Test
  void whatIsUnsafeOrWrongIsRefused() throws Exception {
    Path dataset = directory.resolve("d");
    Path short1 = Files.writeString(directory.resolve("short"), "secret");
    Command.run("serve", dataset, "--host", "0.0.0.0").fails(2, "needs TLS", "and a token");
    Command.run("serve", dataset, "--token-file", short1).fails(2, "16 or more");
    Command.run("serve", dataset, "--token-file", directory.resolve("none"))
        .fails(1, "no such file");
    Command.run("serve", dataset, "--tls-key", short1).fails(2, "need each other");
    Command.run("serve", dataset, dataset).fails(2, "two datasets are called d");
    Command.run("serve", directory.resolve("nothing")).fails(1, "nothing");
    Command.run("serve", dataset, "--port", 70_000).fails(2, "0 to 65535");
    Command.run("serve").fails(2, "Missing required parameter");
  }
}

package dev.stillhouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.pipeline.teacher.served.FakeServer;
import dev.stillhouse.pipeline.teacher.served.FakeSglang;
import dev.stillhouse.pipeline.teacher.served.FakeVllm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A corpus is read by servers of the two kinds, as a person would have it done. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedTeacherTest {
  @TempDir Path directory;
  private Path text = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    text = TestTexts.write(directory.resolve("a.txt"), "the other side of it\n".repeat(90));
    TinyTokenizer.write(directory.resolve("tokenizer.json"));
  }

  private Command extract(String out, String teacher, Object... more) {
    List<Object> words = new ArrayList<>(List.of("extract", "--json", "--corpus", text));
    words.addAll(List.of("--out", directory.resolve(out), "--teacher", teacher));
    words.addAll(List.of("--sequence-length", 100));
    words.addAll(List.of("--tokenizer", directory.resolve("tokenizer.json")));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  @Test
  void bothFormsOfVllmAndTwoServersGiveTheSameDataset() throws IOException {
    FakeVllm other = new FakeVllm();
    other.scaleOut = true;
    try (FakeServer completions = new FakeServer(new FakeVllm(), 0);
        FakeServer generate = new FakeServer(other, 0)) {
      Command one = extract("one", "vllm:" + completions.url(), "--statistic", "top-k:6+target");
      String digest = one.succeeds().json().get("digest").asText();
      assertTrue(
          one.err()
              .contains(
                  "vllm 0.32.0, model fake, /v1/completions, prompts of up to 63 tokens, up to 20"
                      + " entries, vocabulary 98; window=62 stride=31"),
          one.err());
      assertFalse(one.err().contains("warning"), one.err());
      double share = one.json().get("teacherShare").asDouble();
      assertTrue(share > 0 && share <= 1, "waited for the teacher " + share + " of the time");
      assertFalse(extract("here", "ngram").succeeds().json().has("teacherShare"));
      Command.run("verify", directory.resolve("one")).succeeds();
      String both = "vllm:" + generate.url() + ";" + completions.url() + ",tokens=200";
      Command two = extract("two", both, "--statistic", "top-k:6+target");
      assertEquals(digest, two.succeeds().json().get("digest").asText());
      try (Stream<Path> files = Files.walk(directory.resolve("two").resolve("manifests"))) {
        for (Path manifest : files.filter(Files::isRegularFile).toList()) {
          String json = Files.readString(manifest, UTF_8);
          assertTrue(json.contains("\"vllm:tokens=200\""), json);
          assertFalse(json.contains("127.0.0.1") || json.contains("/srv"), json);
        }
      }
    }
  }

  /** A server's float32 may take the kept mass above 1: the manifest says how often, how far. */
  @Test
  void massAboveOneIsCounted() throws IOException {
    FakeVllm fake = new FakeVllm();
    fake.excess = 1e-5;
    try (FakeServer server = new FakeServer(fake, 0)) {
      Command made = extract("above", "vllm:" + server.url(), "--statistic", "top-k:6");
      JsonNode note = made.succeeds().json().get("teacherNotes").get(0);
      long positions = made.json().get("positions").asLong();
      assertEquals(positions, note.get("excessPositions").asLong());
      assertEquals(1e-5, note.get("largestExcess").asDouble(), 1e-6);
      assertEquals(0, note.get("clampNats").asDouble());
      assertTrue(
          made.err().contains(String.format("mass         above 1 at %,d positions", positions)),
          made.err());
      Command.run("verify", directory.resolve("above")).succeeds();
    }
  }

  @Test
  void sglangIsVerifiedToo() throws IOException {
    try (FakeServer server = new FakeServer(new FakeSglang(), 0)) {
      extract("s", "sglang:" + server.url(), "--statistic", "top-p:0.7,max=9").succeeds();
      Command.run("verify", directory.resolve("s")).succeeds();
    }
  }

  @Test
  void whatAServerCannotGiveIsAMistakeOfTheCommandAndLeavesNothing() throws IOException {
    try (FakeServer server = new FakeServer(new FakeVllm(), 0)) {
      extract("no", "vllm:" + server.url(), "--statistic", "top-k:64")
          .fails(2, "start the server with --max-logprobs 64 or more");
      assertFalse(Files.exists(directory.resolve("no")));
    }
  }

  /** A server that mixes up its requests gives stale log-probs: the same prompt, another answer. */
  @Test
  void anAnswerThatChangesIsToldBeforeTheCorpusIsRead() throws IOException {
    try (FakeServer server = new FakeServer(new FakeVllm(), 0)) {
      // Counted by prompt, not by request: requests are sent at once, in no order.
      ConcurrentHashMap<String, Integer> asked = new ConcurrentHashMap<>();
      server.fault =
          (exchange, request) ->
              request.path("prompt").size() > 2
                  && asked.merge(request.get("prompt").toString(), 1, Integer::sum) % 2 == 0
                  && FakeServer.send(
                      exchange,
                      200,
                      new FakeVllm()
                          .reply("/v1/completions", request)
                          .body()
                          .replace("\"logprob\":-3", "\"logprob\":-4"));
      extract(
              "doubted",
              "vllm:" + server.url(),
              "--statistic",
              "top-k:6",
              "--teacher-check",
              "fail")
          .fails(1, "teacher vllm: ");
      assertFalse(Files.exists(directory.resolve("doubted").resolve("manifests")));
    }
  }
}

package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that refuses or is busy: no blob of it is taken for missing or damaged. */
@Tag("slow")
@Timeout(300)
class S3RefusalTest {
  @TempDir Path directory;
  private final S3Server server = S3Server.shared();
  private String home = "";

  @BeforeEach
  void extracted() throws IOException {
    home = S3Server.freshStore();
    extract().succeeds();
  }

  private Command extract() throws IOException {
    Path text = TestTexts.text(directory.resolve("book.txt"), 1_000);
    return TestDatasets.small(text, home, "--tokenizer", tokenizer());
  }

  private Path tokenizer() throws IOException {
    return TinyTokenizer.write(directory.resolve("tokenizer.json"));
  }

  @AfterEach
  void passOn() {
    server.passOn();
  }

  private List<String> list(String prefix) {
    try (BlobStore store = BlobStores.open(home)) {
      return store.list(prefix);
    }
  }

  /** Reads of what lies below this folder. */
  private static Predicate<String> reads(String folder) {
    return request -> !request.startsWith("PUT") && request.contains("/" + folder + "/");
  }

  @Test
  void whoMayNotLookDeletesNoReceipt() throws IOException {
    List<String> receipts = list("work/");
    assertTrue(receipts.size() > 2, receipts.toString());
    try (BlobStore store = BlobStores.open(home)) {
      store.delete(store.list("manifests/").get(0)); // As if it had been stopped before it.
    }
    for (String folder : List.of("shards", "tokens")) {
      server.answer(reads(folder), 403, "AccessDenied");
      extract().fails(1, folder + "/", "HTTP 403", "s3:GetObject", "s3:ListBucket");
      server.passOn();
      assertEquals(receipts, list("work/"));
    }
    extract().succeeds();
    assertEquals(receipts, list("work/"));
  }

  @Test
  void aCopyThatIsRefusedIsLeftAlone() throws IOException {
    Path copy = directory.resolve("copy");
    Command.run("replicate", home, "--to", copy).succeeds();
    String shard = list("shards/").get(0);
    AtomicInteger puts = new AtomicInteger();
    server.answer(
        request -> {
          puts.addAndGet(request.startsWith("PUT") || request.startsWith("DELETE") ? 1 : 0);
          return request.contains(shard);
        },
        403,
        "AccessDenied");
    for (Command told :
        List.of(Command.run("verify", home), Command.run("verify", home, "--repair"))) {
      assertEquals(1, told.code(), told.out());
      assertTrue(told.out().contains("NOT REACHED: 1 copies"), told.out());
      assertTrue(told.out().contains("region home, refused: cannot look at " + shard), told.out());
      assertFalse(told.out().contains("DAMAGED"), told.out());
    }
    Command json = Command.run("verify", home, "--repair", "--json");
    JsonNode verified = new ObjectMapper().readTree(json.out());
    assertEquals(0, verified.get("damaged").size(), json.out());
    assertEquals(0, verified.get("repaired").asInt(), json.out());
    assertEquals("refused", verified.get("unreached").get(0).get("kind").asText(), json.out());
    assertFalse(verified.get("ok").asBoolean(), json.out());
    assertEquals(0, puts.get(), "nothing was written or removed");
    server.passOn();
    assertTrue(Command.run("verify", home, "--json").json().get("ok").asBoolean());
  }

  /** Four seconds from the first request on, as real stores are when they grow. */
  @Test
  void aBusyStoreIsWaitedFor() throws IOException {
    for (String command : List.of("verify", "load", "inspect")) {
      AtomicLong first = new AtomicLong();
      server.answer(
          request -> {
            first.compareAndSet(0, System.nanoTime());
            return System.nanoTime() - first.get() < 4_000_000_000L;
          },
          503,
          "SlowDown");
      Command.run(command, home).succeeds();
    }
  }

  @Test
  void aStoreThatStaysBusyIsToldAsNotReached() throws IOException {
    String shard = list("shards/").get(0);
    server.answer(request -> request.contains(shard), 503, "SlowDown");
    Command told = Command.run("verify", home);
    assertEquals(1, told.code(), told.out());
    assertTrue(told.out().contains("region home, busy: "), told.out());
    assertTrue(told.out().contains("NOT REACHED: 1 copies"), told.out());
    assertFalse(told.out().contains("DAMAGED"), told.out());
    Command.run("load", home).fails(1, "HTTP 503 SlowDown", "asked again for 12 s");
  }

  @Test
  void whoMayNotListIsToldWhichRightIsMissing() throws IOException {
    server.answer(request -> request.contains("list-type=2"), 403, "AccessDenied");
    extract().fails(1, "HTTP 403 AccessDenied", "s3:ListBucket");
    Command.run("gc", home).fails(1, "HTTP 403 AccessDenied");
    Command.run("load", home).fails(1, "HTTP 403 AccessDenied");
  }

  /** Else two that append at once would each be told that it is first. */
  @Test
  void aServerThatOverwritesIsRefusedBeforeAnyWork() throws IOException {
    home = S3Server.freshStore();
    server.ignoreConditions();
    extract().fails(1, "If-None-Match", "conditional writes");
    assertEquals(List.of(), list("shards/"));
    assertEquals(List.of(), list("work/"));
    server.passOn();
    extract().succeeds();
  }

  /** A list may lag behind what was just put; a look at a name does not. */
  @Test
  void versionsAreFoundThoughListsLag() throws IOException {
    server.emptyLists("prefix=" + home.substring(home.lastIndexOf('/') + 1) + "%2Fmanifests");
    assertEquals(1, Command.run("inspect", home, "--json").json().get("version").asInt());
    Path more = TestTexts.write(directory.resolve("more.txt"), "and then more ".repeat(100));
    TestDatasets.small(more, home, "--append", "--tokenizer", tokenizer()).succeeds();
    assertEquals(2, Command.run("inspect", home, "--json").json().get("version").asInt());
    Command.run("load", home, "--dataset-version", 1).succeeds();
  }
}

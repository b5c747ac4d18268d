package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.storage.TestJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What passes the program's border: errors for programs, hostile text, outputs that fail. */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BorderTest {
  /** Window title, clear screen, bell, CR, CSI in one character, a bidirectional override. */
  private static final String HOSTILE = "\u001b]0;owned\u0007\u001b[2J\r\u009b1m\u202efdp.\n";

  @TempDir static Path directory;
  private static Path dataset = Path.of("unset");

  @BeforeAll
  static void extract() throws IOException {
    Path folder = Files.createDirectory(directory.resolve(HOSTILE));
    Path text = TestTexts.text(folder.resolve("a" + HOSTILE + ".txt"), 4000);
    Files.writeString(folder.resolve("b" + HOSTILE + ".jsonl"), "{oops" + HOSTILE + "}\n");
    dataset = folder.resolve("set");
    Command.line(
            "extract --corpus %s --on-bad-document skip --sequence-length 64 "
                + "--shard-sequences 4 --out %s",
            folder, dataset)
        .succeeds();
    assertTrue(Files.exists(text));
  }

  /** {@link Command#run} checks of every command that what it prints steers no terminal. */
  @Test
  void namesFromDataSteerNoTerminal() throws IOException {
    Command told = Command.run("inspect", dataset).succeeds();
    assertTrue(told.out().contains("\\u001b]0;owned"), told.out());
    assertFalse(
        told.out().lines().anyMatch(line -> line.startsWith("/set")), "a name made up a line");
    JsonNode json = Command.run("inspect", dataset, "--json").json();
    assertEquals(dataset.toString(), json.get("dataset").asText(), "JSON keeps the value");
    Command.run("inspect", dataset, "--sequence", 1, "--position", 5).succeeds();
    Command.run("verify", dataset).succeeds();
    Command.run("load", dataset).succeeds();
    Command.run("load", dataset, "--from", "no" + HOSTILE).fails(2, "\\u001b");
    Command.run("load", dataset, "--shuffle", HOSTILE).fails(2, "\\u001b");
    Command.run("load", "--mix", HOSTILE + ":x").fails(2, "\\u001b");
    Command.run("load", dataset + HOSTILE).fails(1, "\\u001b");
    Command.run("load", dataset, "--" + HOSTILE).fails(2, "\\u001b");
    Command.run("migrate", dataset, "--layout", HOSTILE, "--out", dataset + "m")
        .fails(2, "\\u001b");
    Command.run("migrate", dataset, "--layout", "rows", "--out", dataset + "rows").succeeds();
    Command.run("replicate", dataset, "--to", dataset + "copy", "--region", "far").succeeds();
    Command.run("replicate", dataset, "--to", dataset + "x", "--region", HOSTILE)
        .fails(2, "\\u001b");
    Command.run("pin", dataset, "--days", 1, "--for", "a" + HOSTILE);
    Command.run("pin", dataset, "--list").succeeds();
    Command.run("pin", dataset, "--remove", HOSTILE);
    Command.run("gc", dataset).succeeds();
    Command.run("cursor", directory.resolve(HOSTILE + "none")).fails(1, "\\u001b");
    Command.run("extract", "--dry-run", "--corpus", dataset.resolveSibling("c" + HOSTILE))
        .fails(2, "\\u001b");
    Command.run(HOSTILE).fails(2, "\\u001b");
  }

  @Test
  void programsGetTheErrorWhereTheResultWouldBe() throws IOException {
    JsonNode missing = error(Command.run("load", directory.resolve("none"), "--json"), 1);
    assertTrue(missing.get("message").asText().contains("none"), missing.toString());
    error(Command.run("load", dataset, "--json", "--batch", "x"), 2);
    error(Command.run("load", dataset, "--json", "--rank", 1), 2);
  }

  private static JsonNode error(Command failed, int code) throws IOException {
    JsonNode error = new ObjectMapper().readTree(failed.out()).get("error");
    assertEquals(code, failed.code());
    assertEquals(code, error.get("exitCode").asInt());
    assertFalse(failed.err().isEmpty(), "people are told too");
    return error;
  }

  @Test
  void anUnknownCommandIsUnknownWithHelpToo() {
    Command.run("lod", "--help").fails(2, "'lod'", "load");
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() throws IOException {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertEquals(1, Stillhouse.run(full, err, "inspect", dataset.toString(), "--json"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("No space left on device"));
  }

  @Test
  void aLibraryThatDoesNotLoadNamesTheWayOut() throws Exception {
    Path none = directory.resolve("no-such-directory");
    List<String> words = TestJvm.of(Stillhouse.class, "-Djava.io.tmpdir=" + none);
    words.addAll(List.of("verify", dataset.toString()));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), said);
    assertTrue(said.contains("STILLHOUSE_OPTS=-Djava.io.tmpdir="), said);
    assertFalse(said.contains("\tat ") || said.contains("this is a bug"), said);
  }
}

package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the README's student as it stands there. */
class ReadmeStudentTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

  /** The README's command: its options for the JVM, its class path, what it runs. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^java (--\\S+) -cp '\\S+' Student\\.java my-dataset 0 2$");

  @TempDir Path directory;

  @Test
  void theStudentRunsAsPasted() throws Exception {
    String readme = Files.readString(Path.of("../../README.md"));
    Matcher block = BLOCK.matcher(readme);
    assertTrue(block.find(), "the README has a Java example");
    Matcher command = COMMAND.matcher(readme);
    assertTrue(command.find(), "the README starts the Java example");
    String option = command.group(1);
    Files.writeString(directory.resolve("Student.java"), block.group(1));
    Path dataset = directory.resolve("my-dataset");
    Command.run(
            "extract",
            "--corpus",
            Samples.text(directory.resolve("book.txt"), 5000),
            "--sequence-length",
            64,
            "--statistic",
            "top-k:16",
            "--out",
            dataset)
        .succeeds();
    long targets = 0;
    for (int rank = 0; rank < 2; rank++) {
      String said = student(option, rank);
      Matcher told =
          Pattern.compile("rank " + rank + ": (\\d+) positions, loss [1-9]\\.\\d{3} nats\n")
              .matcher(said);
      assertTrue(told.matches(), said);
      targets += Long.parseLong(told.group(1));
      assertTrue(
          student(option, rank).startsWith("rank " + rank + ": 0 positions"),
          "it resumes at its end");
    }
    JsonNode inspected = Command.run("inspect", dataset, "--json").json();
    assertTrue(
        targets > 2 * 0.9 * inspected.get("positions").asLong()
            && targets < 2 * inspected.get("positions").asLong(),
        targets + " of " + inspected);
    JsonNode whole =
        Command.run("load", dataset, "--seed", 1, "--batch", 8, "--epochs", 2, "--json").json();
    JsonNode both =
        Command.run(
                "cursor",
                directory.resolve("student-0.json"),
                directory.resolve("student-1.json"),
                "--json")
            .json();
    assertEquals(whole.get("cursor"), both);
  }

  /** Blocks that are no class are what a method would hold. */
  @Test
  void everyJavaBlockCompiles() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Matcher block = BLOCK.matcher(Files.readString(Path.of("../../README.md")));
    int blocks = 0;
    for (; block.find(); blocks++) {
      boolean whole = block.group(1).contains("public class ");
      Path source = Files.createDirectory(directory.resolve("block" + blocks));
      source = source.resolve(whole ? "Student.java" : "Block.java");
      Files.writeString(source, whole ? block.group(1) : inMethod(block.group(1)));
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      int code =
          compiler.run(
              null,
              null,
              errors,
              "-proc:none",
              "-cp",
              System.getProperty("java.class.path"),
              source.toString());
      assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));
    }
    assertTrue(blocks >= 2, blocks + " blocks");
  }

  private static String inMethod(String statements) {
    return "import dev.stillhouse.storage.dataset.*;\nimport dev.stillhouse.storage.loader.*;\n"
        + "class Block {\n  void run() throws Exception {\n"
        + statements
        + "  }\n}\n";
  }

  private String student(String option, int rank) throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                System.getProperty("java.class.path"),
                "Student.java",
                "my-dataset",
                "" + rank,
                "2")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the student ends");
    String said = Files.readString(log);
    assertEquals(0, process.exitValue(), said);
    return said;
  }
}

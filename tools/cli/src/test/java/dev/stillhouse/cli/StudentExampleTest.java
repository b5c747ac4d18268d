package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.TestJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the Java of README and docs, and runs the whole student of the page on training, on the
 * class path that stands there: {@code storage} and its own libraries.
 */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StudentExampleTest {
  /** The page's command: its options for the JVM, its class path, what it runs. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^java (--\\S+) -cp '(\\S+)' Student\\.java my-dataset 0 2$");

  /** Of storage and what it uses, in MB; tools/cli has over 170. */
  private static final long MAX_MEGABYTES = 40;

  private static final Path STORAGE = Path.of("../../storage/target");

  @TempDir Path directory;

  @Test
  void theStudentRunsAsPasted() throws Exception {
    String option = command(page()).group(1);
    Files.writeString(directory.resolve("Student.java"), student());
    Path dataset = directory.resolve("my-dataset");
    Command.line(
            "extract --corpus %s --sequence-length 64 --statistic top-k:16 --out %s",
            TestTexts.text(directory.resolve("book.txt"), 5000), dataset)
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

  @Test
  void aStudentLoadsStorageAlone() throws IOException {
    long bytes = 0;
    List<Path> libraries = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(STORAGE.resolve("lib"), "*.jar")) {
      for (Path jar : jars) {
        libraries.add(jar.getFileName());
        bytes += Files.size(jar);
      }
    }
    String all = libraries.toString();
    assertTrue(all.contains("parquet-hadoop") && bytes < MAX_MEGABYTES * 1_000_000, bytes + all);
    assertFalse(all.matches(".*(beam|onnx|lance|vortex|arrow-c-data|tokenizers|s3-).*"), all);
    assertTrue(Files.exists(STORAGE.resolve("lib/s3")), "the client of S3 lies apart");
  }

  @Test
  void withoutItsClientS3IsRefusedInWords() throws Exception {
    Files.writeString(directory.resolve("Student.java"), student());
    String said = run(command(page()).group(1), "s3://bucket/dataset", 0, 1);
    assertTrue(said.contains("storage/target/lib/s3"), said);
  }

  private static String page() throws IOException {
    return Files.readString(Docs.ROOT.resolve("docs/how-to/train.md"));
  }

  private static String student() throws IOException {
    return Docs.blocks("java").stream()
        .filter(block -> block.contains("public class Student "))
        .findFirst()
        .orElseThrow();
  }

  private static Matcher command(String page) {
    Matcher command = COMMAND.matcher(page);
    assertTrue(command.find(), "the page starts the Java example");
    return command;
  }

  /** The page's class path, seen from the root of the repository. */
  private static String classPath() throws IOException {
    String root = Path.of("../..").toRealPath() + "/";
    return Arrays.stream(command(page()).group(2).split(":"))
        .map(entry -> root + entry)
        .collect(Collectors.joining(":"));
  }

  /** Blocks that are no class are what a method would hold. */
  @Test
  void everyJavaBlockCompiles() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> blocks = Docs.blocks("java");
    for (int i = 0; i < blocks.size(); i++) {
      String block = blocks.get(i);
      boolean whole = block.contains("public class ");
      Path source = Files.createDirectory(directory.resolve("block" + i));
      source = source.resolve(whole ? "Student.java" : "Block.java");
      Files.writeString(source, whole ? block : inMethod(block));
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      int code =
          compiler.run(null, null, errors, "-proc:none", "-cp", classPath(), source.toString());
      assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));
    }
    assertTrue(blocks.size() >= 3, blocks.size() + " blocks");
  }

  private static String inMethod(String statements) {
    return "import dev.stillhouse.storage.dataset.*;\nimport dev.stillhouse.storage.loader.*;\n"
        + "class Block {\n  void run() throws Exception {\n"
        + statements
        + "  }\n}\n";
  }

  private String student(String option, int rank) throws IOException, InterruptedException {
    return run(option, "my-dataset", rank, 0);
  }

  private String run(String option, String dataset, int rank, int expected)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(TestJvm.SHORT_LIVED);
    words.addAll(List.of(option, "-cp", classPath(), "Student.java", dataset, "" + rank, "2"));
    Process process =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the student ends");
    String said = Files.readString(log);
    assertEquals(expected, process.exitValue(), said);
    return said;
  }
}

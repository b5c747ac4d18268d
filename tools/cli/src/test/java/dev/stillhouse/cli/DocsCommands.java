package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import dev.stillhouse.pipeline.teacher.onnx.TinyModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Runs the commands of README and docs as a reader who pastes them, one after another in one JVM.
 * The launcher has tests of its own; here {@code ./stillhouse} is this build's classes, since the
 * jar is not built yet when tests run.
 */
public final class DocsCommands {
  private final Path directory;

  private DocsCommands(Path directory) {
    this.directory = directory;
  }

  /** Lays out what the commands read, in an empty directory, where they then run. */
  public static DocsCommands in(Path directory) throws IOException {
    DocsCommands commands = new DocsCommands(directory);
    commands.layOut();
    return commands;
  }

  private void layOut() throws IOException {
    Files.createDirectory(directory.resolve("books"));
    TestTexts.text(directory.resolve("books/moby-dick.txt"), 20_000);
    Files.createDirectory(directory.resolve("more-books"));
    TestTexts.text(directory.resolve("more-books/more.txt"), 5000);
    Path minigpt = Files.createDirectories(directory.resolve("testdata/minigpt"));
    for (String file : List.of("model.onnx", "moby-dick-held-out.jsonl")) {
      Files.copy(Path.of("../../testdata/minigpt", file), minigpt.resolve(file));
    }
    answers();
    stories();
    neural();
  }

  /** Runs commands one after another, and checks that each goes well. */
  public void run(List<String> commands) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String command : commands) {
      String input = "";
      String rest = command;
      if (command.startsWith("zcat ")) {
        int pipe = command.indexOf(" | ");
        input = inflated(command.substring("zcat ".length(), pipe)).toString();
        rest = command.substring(pipe + " | ".length());
      }
      List<String> words = new ArrayList<>(Splitter.on(' ').omitEmptyStrings().splitToList(rest));
      assertEquals("./stillhouse", words.remove(0), command);
      words.replaceAll(word -> word.replace("*.txt", "moby-dick.txt")); // as a shell does
      lines.add(input + "\t" + String.join("\t", words));
    }
    runAll(lines);
  }

  /** Whether a command is a benchmark: the module of benchmarks runs those. */
  public static boolean isBenchmark(String command) {
    return command.startsWith("./stillhouse bench ");
  }

  /** What another tool kept, as the page on imports reads it. */
  private void answers() throws IOException {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(ImportTest.line(random, 30, 1, 30));
    }
    Files.writeString(directory.resolve("answers.jsonl"), lines);
  }

  /** What the section on corpora reads. */
  private void stories() throws IOException {
    List<String> texts =
        Splitter.on("\n\n")
            .splitToStream(Files.readString(directory.resolve("books/moby-dick.txt")))
            .toList();
    TestTexts.parquet(directory.resolve("stories.parquet"), texts);
    ObjectMapper json = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (String text : texts) {
      lines.append(json.writeValueAsString(Map.of("text", text))).append('\n');
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(directory.resolve("stories.jsonl.gz")))) {
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(directory.resolve("broken.jsonl"), lines + "{oops\n");
  }

  /** What {@code zcat} would pipe. */
  private Path inflated(String name) throws IOException {
    Path file = directory.resolve("standard-input");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve(name)))) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** A model and a tokenizer as a reader has exported them, small enough for a test. */
  private void neural() throws IOException {
    TinyTokenizer.write(directory.resolve("tokenizer.json"));
    new TinyModel(TinyModel.table(TinyTokenizer.VOCABULARY))
        .mask()
        .positions()
        .write(directory.resolve("model.onnx"));
  }

  /** Returns the lines of all sh blocks, but for Maven's: that is what runs this test. */
  public static List<String> all() throws IOException {
    return Docs.blocks("sh").stream()
        .map(block -> block.replace("\\\n", " "))
        .flatMap(String::lines)
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty() && !line.startsWith("mvn "))
        .toList();
  }

  private void runAll(List<String> commands) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--")) {
        words.add(flag);
      }
    }
    words.addAll(List.of("-Xmx2g", "-cp", System.getProperty("java.class.path")));
    Path lines = Files.write(directory.resolve("commands"), commands);
    words.addAll(List.of(PastedCommands.class.getName(), lines.toString()));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(15, TimeUnit.MINUTES);
    process.destroyForcibly();
    String said = Files.readString(log, StandardCharsets.UTF_8);
    String last = said.substring(Math.max(0, said.lastIndexOf("PASTED ")));
    assertTrue(ended, last);
    assertEquals(0, process.exitValue(), last);
    assertFalse(said.contains("Exception"), said);
  }
}

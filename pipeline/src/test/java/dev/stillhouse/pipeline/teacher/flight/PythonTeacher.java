package dev.stillhouse.pipeline.teacher.flight;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real server: {@code python -m stillhouse.teacher}, as a child process. */
final class PythonTeacher implements AutoCloseable {
  private static final Path HASH_MODEL = Path.of("src/test/resources/flight/hash_model.py");
  private static @Nullable String python;

  private final Process process;

  /** What {@code --teacher} takes. */
  final String name;

  private PythonTeacher(Process process, String name) {
    this.process = process;
    this.name = name;
  }

  static PythonTeacher hashModel(String... more) throws IOException {
    return start(List.of("--module", HASH_MODEL + ":logits"), more);
  }

  /** Starts a server; skips the test where Python, numpy or pyarrow is not there. */
  static PythonTeacher start(List<String> words, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(python(), "-m", "stillhouse.teacher"));
    command.addAll(words);
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PYTHONPATH", "../tools/python/src");
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      process.destroy();
      throw new IOException("the server ended: " + command);
    }
    return new PythonTeacher(process, line.substring(0, line.indexOf(' ')));
  }

  /** Returns an interpreter that has what the server needs. */
  static synchronized String python() throws IOException {
    if (python == null) {
      String venv = "../tools/python/target/venv/bin/python";
      String set = System.getenv("STILLHOUSE_PYTHON");
      python = "";
      for (String candidate : new String[] {set == null ? venv : set, venv, "python3"}) {
        if (python.isEmpty() && has(candidate, "numpy, pyarrow.flight")) {
          python = candidate;
        }
      }
    }
    assumeTrue(!python.isEmpty(), "no Python with numpy and pyarrow: set STILLHOUSE_PYTHON to one");
    return python;
  }

  /** Skips the test where a module is not there. */
  static void assumeModule(String module) throws IOException {
    assumeTrue(has(python(), module), "no " + module + " in the Python of STILLHOUSE_PYTHON");
  }

  /** Returns whether an interpreter can import modules. */
  static boolean has(String interpreter, String modules) throws IOException {
    if (interpreter.contains("/") && !Files.isExecutable(Path.of(interpreter))) {
      return false;
    }
    try {
      Process process =
          new ProcessBuilder(interpreter, "-c", "import " + modules)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      throw new IOException(e);
    } catch (IOException e) {
      return false; // No such program.
    }
  }

  /** Ends it at once, as a machine that goes. */
  void kill() {
    process.destroyForcibly();
    close();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the server did not end on SIGTERM");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.stillhouse.pipeline.teacher.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The ONNX Runtime of this process, started once.
 *
 * <p>When it starts, release 1.29.0 matches the process's command line with a regular expression
 * that recurses for every character, three frames of about 90 bytes each. On a thread with the
 * usual stack of 1 MiB a command line of 4 kB, as of a long class path or of a hundred corpus
 * files, ends the JVM with a bare segmentation fault. So it is started on a thread whose stack is
 * large enough for the actual command line.
 */
final class OnnxRuntime {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline"); // Linux has it
  private static final int MAX_COMMAND_LINE = 1 << 22;
  private static final long STACK_BYTES = 8L << 20;
  private static final long STACK_BYTES_PER_CHARACTER = 512;

  private static boolean started;

  private OnnxRuntime() {}

  /** Returns the runtime; the first call starts it. */
  static synchronized OrtEnvironment get() {
    if (!started) {
      start();
      started = true;
    }
    return OrtEnvironment.getEnvironment();
  }

  /** Returns the runtime's words for an error, without codes and places in its sources. */
  static String words(Exception e) {
    String said =
        String.valueOf(e.getMessage())
            .replaceAll("Error code - \\S+ - message: ", "")
            .replaceAll("\\S*\\.(cc|h):\\d+ \\S+ ", "")
            .replaceAll("\\s+", " ")
            .strip();
    return "the ONNX Runtime says '" + said + "'";
  }

  private static void start() {
    FutureTask<String> task =
        new FutureTask<>(
            () ->
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR)
                    .getVersion());
    // Address space only: pages that are not reached are never there.
    long stack = STACK_BYTES + STACK_BYTES_PER_CHARACTER * commandLineBytes();
    new Thread(null, task, "onnxruntime start", stack).start();
    try {
      Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      throw new DataException("the ONNX Runtime cannot be started: " + e.getCause(), e);
    }
  }

  private static long commandLineBytes() {
    if (!Files.isReadable(COMMAND_LINE)) {
      return 0;
    }
    try (InputStream in = Files.newInputStream(COMMAND_LINE)) {
      return in.readNBytes(MAX_COMMAND_LINE).length;
    } catch (IOException e) {
      throw new DataException(COMMAND_LINE + " cannot be read: " + e.getMessage(), e);
    }
  }
}

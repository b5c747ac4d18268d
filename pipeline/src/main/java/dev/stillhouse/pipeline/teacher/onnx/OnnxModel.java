package dev.stillhouse.pipeline.teacher.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Longs;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.pipeline.teacher.onnx.Calls.Call;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model. Calls run in the caller's thread, each with one core: shard tasks are extracted
 * at the same time, and threads of the runtime's own would compete with them. Safe for many
 * threads.
 */
final class OnnxModel implements AutoCloseable {
  /** Max ids in a row; no known model has more, and a row's bytes are an int. */
  private static final int MAX_IDS = 1 << 22;

  private final Path file;
  private final OrtEnvironment runtime;
  private final OrtSession session;
  private final Signature signature;
  private final @Nullable Integer bos;
  private final int vocabulary;

  private OnnxModel(
      Path file,
      OrtEnvironment runtime,
      OrtSession session,
      Signature signature,
      @Nullable Integer bos)
      throws OrtException {
    this.file = file;
    this.runtime = runtime;
    this.session = session;
    this.signature = signature;
    this.bos = bos;
    this.vocabulary = ask();
    if (bos != null && bos >= vocabulary) {
      throw DataException.of(
          "onnx: bos=%d is outside the model's vocabulary of %d (%s)", bos, vocabulary, file);
    }
  }

  /** Loads a model and asks it for one row, to check its answer. */
  static OnnxModel load(Path file, @Nullable Integer bos) {
    OrtEnvironment runtime = OnnxRuntime.get();
    OrtSession session = open(file, runtime);
    try {
      Signature signature = Signature.of(file, session.getInputInfo(), session.getOutputInfo());
      return new OnnxModel(file, runtime, session, signature, bos);
    } catch (OrtException | RuntimeException e) {
      close(file, session);
      throw e instanceof DataException told ? told : failed(file, "cannot be used", e);
    }
  }

  private static OrtSession open(Path file, OrtEnvironment runtime) {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return runtime.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw failed(file, "is no model that the ONNX Runtime can load", e);
    }
  }

  Signature signature() {
    return signature;
  }

  /** Returns the token before every window. */
  OptionalInt bos() {
    return bos == null ? OptionalInt.empty() : OptionalInt.of(bos);
  }

  /** Returns the ids in a row of logits. */
  int vocabulary() {
    return vocabulary;
  }

  /** Asks for two tokens; returns the vocabulary. */
  private int ask() throws OrtException {
    Window window = new Window(0, 1, 0);
    int length = signature.length() == null ? 2 : signature.length();
    int rows = signature.rows() == null ? 1 : signature.rows();
    Call call = new Call(List.of(window), rows, length);
    try (CallInputs inputs = new CallInputs(runtime, signature, call, new int[] {0}, null);
        OrtSession.Result result = session.run(inputs.tensors(), Set.of(signature.output()))) {
      long[] shape = ((TensorInfo) result.get(0).getInfo()).getShape();
      if (shape.length != 3 || shape[0] != rows || shape[1] != length || shape[2] < 1) {
        throw DataException.of(
            "%s: asked about [%d, %d] tokens it gave %s %s; need a row for each token, [%d, %d,"
                + " vocabulary]: export it with the logits of all positions",
            file, rows, length, signature.output(), Longs.asList(shape), rows, length);
      }
      if (shape[2] > MAX_IDS) {
        throw DataException.of("%s: predicts %d ids; the limit is %d", file, shape[2], MAX_IDS);
      }
      return (int) shape[2];
    }
  }

  /** Returns the bytes of a call's logits. */
  long bytes(Call call) {
    return (long) call.rows() * call.length() * vocabulary * width();
  }

  /** Returns the bytes of one logit. */
  int width() {
    return signature.type() == OnnxJavaType.FLOAT ? Float.BYTES : Short.BYTES;
  }

  /**
   * Runs a call; the runtime writes its logits straight into {@code into}.
   *
   * @param into direct; exactly {@link #bytes} remain
   */
  void run(Call call, int[] tokens, ByteBuffer into) {
    long[] shape = {call.rows(), call.length(), vocabulary};
    try (CallInputs inputs = new CallInputs(runtime, signature, call, tokens, bos);
        OnnxTensor logits = OnnxTensor.createTensor(runtime, into, shape, signature.type())) {
      Map<String, OnnxTensor> pinned = ImmutableMap.of(signature.output(), logits);
      session.run(inputs.tensors(), pinned).close();
    } catch (OrtException e) {
      throw failed(
          file,
          "failed on "
              + call.rows()
              + " rows of "
              + call.length()
              + " tokens (if that is longer"
              + " than the model's context, add context=C to onnx:FILE)",
          e);
    }
  }

  private static DataException failed(Path file, String what, Exception e) {
    return new DataException(file + " " + what + ": " + OnnxRuntime.words(e), e);
  }

  private static void close(Path file, OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(file, "cannot be closed", e);
    }
  }

  @Override
  public void close() {
    close(file, session);
  }
}

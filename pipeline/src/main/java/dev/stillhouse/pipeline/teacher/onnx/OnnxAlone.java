package dev.stillhouse.pipeline.teacher.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.pipeline.teacher.onnx.Calls.Call;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the runtime alone, on the calls that a teacher makes of some batches: their inputs are
 * prepared and their logits dropped. A benchmark compares the teacher with it.
 */
public final class OnnxAlone implements AutoCloseable {
  private final OrtSession session;
  private final ImmutableSet<String> output;
  private final List<CallInputs> calls = new ArrayList<>();

  /**
   * Loads the model a second time and prepares the calls.
   *
   * @param argument text behind {@code onnx:} on the command line
   */
  public OnnxAlone(String argument, List<TokenBatch> batches) {
    OnnxArgument parsed = OnnxArgument.parse(argument);
    OrtEnvironment runtime = OnnxRuntime.get();
    try (OnnxTeacher teacher = OnnxTeacher.open(parsed);
        SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = runtime.createSession(parsed.file().toString(), options);
      Signature signature =
          Signature.of(parsed.file(), session.getInputInfo(), session.getOutputInfo());
      output = ImmutableSet.of(signature.output());
      @Nullable Integer bos = parsed.bos();
      for (TokenBatch batch : batches) {
        for (Call call : teacher.calls(batch)) {
          calls.add(new CallInputs(runtime, signature, call, batch.tokens(), bos));
        }
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /** Runs all calls, one after another. */
  public void run() {
    try {
      for (CallInputs inputs : calls) {
        session.run(inputs.tensors(), output).close();
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static DataException failed(OrtException e) {
    return new DataException(OnnxRuntime.words(e), e);
  }

  @Override
  public void close() {
    calls.forEach(CallInputs::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}

package dev.stillhouse.pipeline.teacher.onnx;

import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.pipeline.teacher.onnx.Calls.Call;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A language model that the ONNX Runtime runs in this process. */
final class OnnxTeacher implements DenseTeacher {
  /** Max bytes of a call's logits, unless a single window has more. */
  private static final int CALL_BYTES = 64 << 20;

  /** Name of the rule by which calls are cut: rounding inside a model may depend on it. */
  private static final String RULE = "calls-1";

  private final String fingerprint;
  private final OnnxModel model;
  private final Windows windows;
  private final Calls calls;
  private final int prefix;
  private final BlockPool pool = new BlockPool(CALL_BYTES);
  private final BlockPool widened = new BlockPool(0);

  private OnnxTeacher(String fingerprint, OnnxModel model, Windows windows, int prefix) {
    this.fingerprint = fingerprint;
    this.model = model;
    this.windows = windows;
    this.prefix = prefix;
    this.calls =
        new Calls(
            Math.max(1, CALL_BYTES / (model.vocabulary() * model.width())),
            model.signature().rows(),
            model.signature().length(),
            prefix);
  }

  static OnnxTeacher open(OnnxArgument argument) {
    String sha256 = OnnxFiles.sha256(argument.file());
    OnnxModel model = OnnxModel.load(argument.file(), argument.bos());
    Integer fixed = model.signature().length();
    Integer asked = argument.context() != null ? argument.context() : fixed;
    if (fixed != null && asked != null && asked > fixed) {
      model.close();
      throw DataException.of(
          "%s reads exactly %d tokens at once; need context <= %d", argument.file(), fixed, fixed);
    }
    try {
      Windows windows = Windows.of("onnx", asked, argument.stride(), argument.bos() != null);
      return new OnnxTeacher(
          fingerprint(sha256, windows, argument.bos()),
          model,
          windows,
          argument.bos() == null ? 0 : 1);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static String fingerprint(String sha256, Windows windows, @Nullable Integer bos) {
    return String.join(
        " ",
        "onnx",
        sha256,
        windows.canonical(),
        "bos=" + (bos == null ? "none" : bos),
        RULE,
        "runtime=" + OnnxRuntime.get().getVersion());
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int vocabulary() {
    return model.vocabulary();
  }

  /**
   * Returns false: on other machines the runtime picks other kernels, by what the processor offers.
   */
  @Override
  public boolean reproducible() {
    return false;
  }

  @Override
  public OptionalInt firstToken() {
    return model.bos();
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    // The runtime would count a negative id from the end of the vocabulary, and answer.
    TokenIds.check(batch, model.vocabulary());
    return new OnnxCursor(model, batch, pool, widened, calls(batch), prefix);
  }

  /** Returns the calls that are made for a batch, in order. */
  List<Call> calls(TokenBatch batch) {
    return calls.group(windows.cut(batch));
  }

  @Override
  public void close() {
    pool.clear();
    widened.clear();
    model.close();
  }
}

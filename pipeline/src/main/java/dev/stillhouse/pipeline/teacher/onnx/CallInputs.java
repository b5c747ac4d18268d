package dev.stillhouse.pipeline.teacher.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.pipeline.teacher.onnx.Calls.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tensors of one call. Padding is token 0 on the right, and 0 in the mask. */
final class CallInputs implements AutoCloseable {
  private final Map<String, OnnxTensor> tensors = new HashMap<>();

  /** Creates them for a call over these tokens; {@code bos} stands before each window. */
  CallInputs(
      OrtEnvironment runtime, Signature signature, Call call, int[] tokens, @Nullable Integer bos)
      throws OrtException {
    int prefix = bos == null ? 0 : 1;
    long[] ids = new long[call.rows() * call.length()];
    long[] mask = new long[ids.length];
    long[] positions = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      positions[i] = i % call.length();
    }
    for (int row = 0; row < call.rows(); row++) {
      int at = row * call.length();
      // A row of padding still reads one token: with nothing to look at a model would give NaN.
      int real = 1;
      if (row < call.windows().size()) {
        Window window = call.windows().get(row);
        if (bos != null) {
          ids[at] = bos;
        }
        for (int i = 0; i < window.length(); i++) {
          ids[at + prefix + i] = tokens[window.start() + i];
        }
        real = prefix + window.length();
      }
      for (int i = 0; i < real; i++) {
        mask[at + i] = 1;
      }
    }
    long[] shape = {call.rows(), call.length()};
    try {
      for (Map.Entry<String, TensorInfo> input : signature.inputs().entrySet()) {
        OnnxTensor tensor =
            switch (input.getKey()) {
              case Signature.IDS -> matrix(runtime, input.getValue(), ids, shape);
              case Signature.MASK -> matrix(runtime, input.getValue(), mask, shape);
              case Signature.POSITIONS -> matrix(runtime, input.getValue(), positions, shape);
              case Signature.CACHE -> one(runtime, input.getValue(), 0);
              default ->
                  Signature.KEEP.contains(input.getKey())
                      ? one(runtime, input.getValue(), call.length())
                      : empty(runtime, input.getValue(), call.rows());
            };
        tensors.put(input.getKey(), tensor);
      }
    } catch (OrtException e) {
      close();
      throw e;
    }
  }

  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  private static OnnxTensor matrix(
      OrtEnvironment runtime, TensorInfo info, long[] values, long[] shape) throws OrtException {
    if (info.type == OnnxJavaType.INT64) {
      return OnnxTensor.createTensor(runtime, LongBuffer.wrap(values), shape);
    }
    int[] narrow = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (int) values[i];
    }
    return OnnxTensor.createTensor(runtime, IntBuffer.wrap(narrow), shape);
  }

  /** Returns a single value, as a scalar or a list of one. */
  private static OnnxTensor one(OrtEnvironment runtime, TensorInfo info, int value)
      throws OrtException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(info.type.size).order(ByteOrder.nativeOrder());
    switch (info.type) {
      case INT64 -> bytes.putLong(0, value);
      case INT32 -> bytes.putInt(0, value);
      default -> bytes.put(0, (byte) value);
    }
    long[] shape = info.getShape().length == 0 ? new long[0] : new long[] {1};
    return OnnxTensor.createTensor(runtime, bytes, shape, info.type);
  }

  /** Returns a past of no positions. */
  private static OnnxTensor empty(OrtEnvironment runtime, TensorInfo info, int rows)
      throws OrtException {
    long[] shape = emptyPast(info.getShape(), rows);
    ByteBuffer nothing = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(runtime, nothing, shape, info.type);
  }

  /**
   * Returns the shape of an empty past. Of [batch, heads, past, size] or [2, batch, heads, past,
   * size] the first free dimension is the rows if another is free too; every other free one is 0.
   */
  static long[] emptyPast(long[] declared, int rows) {
    long[] shape = declared.clone();
    boolean batch = Arrays.stream(shape).filter(size -> size < 0).count() > 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        shape[i] = batch || i == 0 ? rows : 0;
        batch = false;
      }
    }
    return shape;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
  }
}

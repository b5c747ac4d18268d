package dev.stillhouse.pipeline.teacher.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.stillhouse.storage.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and outputs of a model, as far as they can be used: {@code input_ids} {@code
 * [rows][length]}, perhaps {@code attention_mask} and {@code position_ids} of the same shape, empty
 * {@code past} keys and values, {@code use_cache_branch} (no) and {@code num_logits_to_keep} (all);
 * {@code logits} {@code [rows][length][vocabulary]} comes out.
 *
 * @param inputs by name
 * @param rows the fixed number of rows, or null if any will do
 * @param length the fixed length, or null
 * @param output name of the logits
 * @param type of the logits
 */
record Signature(
    Map<String, TensorInfo> inputs,
    @Nullable Integer rows,
    @Nullable Integer length,
    String output,
    OnnxJavaType type) {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String POSITIONS = "position_ids";
  private static final String PAST = "past";

  /** Whether a merged decoder uses its past; one value. */
  static final String CACHE = "use_cache_branch";

  /** Number of rows to return, by its older and its newer name; one value. */
  static final Set<String> KEEP = Set.of("num_logits_to_keep", "logits_to_keep");

  /** Max tokens of a call of fixed shape: its inputs must fit into memory. */
  private static final long MAX_TOKENS = 1L << 24;

  private static final Set<String> MATRICES = Set.of(IDS, MASK, POSITIONS);
  private static final Set<OnnxJavaType> INTEGERS = Set.of(OnnxJavaType.INT64, OnnxJavaType.INT32);
  static final Set<OnnxJavaType> FLOATS =
      Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16);

  /**
   * Returns the signature of a model.
   *
   * @throws DataException if it cannot be used
   */
  static Signature of(Path file, Map<String, NodeInfo> inputs, Map<String, NodeInfo> outputs) {
    String has =
        "it has inputs " + message(inputs.values()) + ", outputs " + message(outputs.values());
    Map<String, TensorInfo> tensors =
        inputs.values().stream()
            .filter(node -> node.getInfo() instanceof TensorInfo)
            .collect(Collectors.toMap(NodeInfo::getName, n -> (TensorInfo) n.getInfo()));
    TensorInfo ids = tensors.get(IDS);
    if (ids == null || ids.getShape().length != 2 || !INTEGERS.contains(ids.type)) {
      throw DataException.of(
          "%s: need an input input_ids, int64 or int32, [batch, sequence]; %s", file, has);
    }
    checkFixed(file, ids.getShape());
    List<String> unknown =
        inputs.keySet().stream()
            .filter(
                name -> !MATRICES.contains(name) && !isPast(name, tensors) && !isOne(name, tensors))
            .sorted()
            .toList();
    if (!unknown.isEmpty()) {
      throw DataException.of(
          "%s: its inputs %s are not known here; known are input_ids, attention_mask, position_ids,"
              + " past..., use_cache_branch and num_logits_to_keep; %s",
          file, unknown, has);
    }
    for (String name : MATRICES) {
      TensorInfo matrix = tensors.get(name);
      if (matrix != null && (matrix.getShape().length != 2 || !INTEGERS.contains(matrix.type))) {
        throw DataException.of("%s: input %s must be as input_ids is; %s", file, name, has);
      }
    }
    NodeInfo logits = logits(outputs);
    if (logits == null) {
      throw DataException.of(
          "%s: need an output logits, float32, float16 or bfloat16, [batch, sequence, vocabulary];"
              + " %s; %s",
          file,
          has,
          outputs.values().stream().anyMatch(Signature::isOfOtherType)
              ? "convert its logits to float32 (a Cast at the model's end)"
              : "export it with the language-modelling head");
    }
    return new Signature(
        Map.copyOf(tensors),
        fixed(ids, 0),
        fixed(ids, 1),
        logits.getName(),
        ((TensorInfo) logits.getInfo()).type);
  }

  /** Returns {@code logits}, or the only output that could be it. */
  private static @Nullable NodeInfo logits(Map<String, NodeInfo> outputs) {
    List<NodeInfo> fit = new ArrayList<>();
    for (NodeInfo output : outputs.values()) {
      if (output.getInfo() instanceof TensorInfo info
          && info.getShape().length == 3
          && FLOATS.contains(info.type)) {
        fit.add(output);
      }
    }
    return fit.stream()
        .filter(output -> output.getName().equals("logits"))
        .findFirst()
        .orElse(fit.size() == 1 && outputs.size() == 1 ? fit.get(0) : null);
  }

  private static boolean isOfOtherType(NodeInfo output) {
    return output.getInfo() instanceof TensorInfo info
        && info.getShape().length == 3
        && !FLOATS.contains(info.type);
  }

  /** Returns whether the input is a single value that says how the model is used. */
  private static boolean isOne(String name, Map<String, TensorInfo> inputs) {
    TensorInfo info = inputs.get(name);
    if (info == null || info.getShape().length > 1) {
      return false;
    }
    return name.equals(CACHE)
        ? info.type == OnnxJavaType.BOOL
        : KEEP.contains(name) && INTEGERS.contains(info.type);
  }

  /** Returns whether the input is a past that can be empty: at least one length in it is free. */
  static boolean isPast(String name, Map<String, TensorInfo> inputs) {
    TensorInfo info = inputs.get(name);
    if (!name.startsWith(PAST) || info == null || !FLOATS.contains(info.type)) {
      return false;
    }
    long[] shape = info.getShape();
    for (int i = 1; i < shape.length; i++) {
      if (shape[i] < 0) {
        return true;
      }
    }
    return false;
  }

  /** Refuses a fixed shape without tokens, or with too many for memory: a model may claim any. */
  private static void checkFixed(Path file, long[] shape) {
    long rows = shape[0] < 0 ? 1 : shape[0];
    long length = shape[1] < 0 ? 1 : shape[1];
    if (rows < 1 || length < 1 || rows > MAX_TOKENS || length > MAX_TOKENS / rows) {
      throw DataException.of(
          "%s: reads fixed input_ids [%d, %d]: need sizes of 1 or more, and at most %d tokens in"
              + " all; export it with free (dynamic) axes",
          file, shape[0], shape[1], MAX_TOKENS);
    }
  }

  private static @Nullable Integer fixed(TensorInfo matrix, int dimension) {
    long size = matrix.getShape()[dimension];
    return size < 0 ? null : Math.toIntExact(size);
  }

  private static String message(Collection<NodeInfo> nodes) {
    return nodes.stream()
        .map(Signature::message)
        .sorted()
        .collect(Collectors.joining("; ", "[", "]"));
  }

  private static String message(NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo info)) {
      return node.getName() + " (no tensor)";
    }
    List<String> shape = new ArrayList<>();
    String[] names = info.getDimensionNames();
    for (int i = 0; i < info.getShape().length; i++) {
      long size = info.getShape()[i];
      shape.add(size >= 0 ? Long.toString(size) : names[i].isEmpty() ? "?" : names[i]);
    }
    return node.getName() + " " + info.type.name().toLowerCase(java.util.Locale.ROOT) + " " + shape;
  }
}

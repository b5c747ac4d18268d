package dev.stillhouse.pipeline.teacher.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph whose answers can be told by hand: {@code logits[t] = sum over u <= t of table[ids[u]]},
 * the running sum of a row of numbers for each token. Numbers are small and whole, so every type
 * holds them exactly. Options add what exported models have.
 */
public final class TinyModel {
  static final int FLOAT = 1;
  static final int INT32 = 6;
  static final int INT64 = 7;
  static final int BOOL = 9;
  static final int DOUBLE = 11;
  static final int FLOAT16 = 10;
  static final int BFLOAT16 = 16;

  private static final String[] SHAPE = {"batch", "sequence"};

  private final float[][] table;
  private final List<Protobuf> nodes = new ArrayList<>();
  private final List<Protobuf> initializers = new ArrayList<>();
  private final List<Protobuf> inputs = new ArrayList<>();
  private int idType = INT64;
  private int logitType = FLOAT;
  private String[] shape = SHAPE;
  private boolean mask;
  private boolean positions;
  private boolean past;
  private boolean cache;
  private String keep = "";
  private boolean reverse;
  private String external = "";
  private String outputName = "logits";
  private String idsName = "input_ids";
  private boolean lastOnly;

  /**
   * A model over as many ids as the table has rows.
   *
   * @param table square
   */
  public TinyModel(float[][] table) {
    this.table = table;
  }

  /** {@code table[i][j] = i * j mod 7}, sizes {@code vocabulary}. */
  public static float[][] table(int vocabulary) {
    float[][] table = new float[vocabulary][vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      for (int j = 0; j < vocabulary; j++) {
        table[i][j] = (i * j + i) % 7;
      }
    }
    return table;
  }

  TinyModel ids(int type) {
    idType = type;
    return this;
  }

  TinyModel logits(int type) {
    logitType = type;
    return this;
  }

  TinyModel shape(String rows, String length) {
    shape = new String[] {rows, length};
    return this;
  }

  /** An attention mask that multiplies: a token whose mask is 0 adds nothing. */
  public TinyModel mask() {
    mask = true;
    return this;
  }

  /** Position ids that are added: {@code logits[t] += sum over u <= t of positions[u]}. */
  public TinyModel positions() {
    positions = true;
    return this;
  }

  /** A past that goes before; empty, it changes nothing. */
  TinyModel past() {
    past = true;
    return this;
  }

  /** A switch that adds a thousand to every logit when it is on. */
  TinyModel cache() {
    cache = true;
    return this;
  }

  /** Gives the last rows alone: as many as the input of this name says. */
  TinyModel keep(String name) {
    keep = name;
    return this;
  }

  /** Sums over what comes after, too: as a model that was exported without its causal mask. */
  public TinyModel reverse() {
    reverse = true;
    return this;
  }

  TinyModel external(String location) {
    external = location;
    return this;
  }

  TinyModel names(String ids, String logits) {
    idsName = ids;
    outputName = logits;
    return this;
  }

  TinyModel lastOnly() {
    lastOnly = true;
    return this;
  }

  /** Writes the model. */
  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  byte[] bytes() {
    int v = table.length;
    inputs.add(value(idsName, idType, shape));
    initializers.add(weights(v));
    node("Gather", "x", "table", idsName);
    String x = "x";
    if (mask) {
      inputs.add(value("attention_mask", idType, shape));
      node("Cast", "mask_float", attribute("to", FLOAT), "attention_mask");
      initializers.add(axes("two", 2));
      node("Unsqueeze", "mask_wide", "mask_float", "two");
      node("Mul", "masked", x, "mask_wide");
      x = "masked";
    }
    if (positions) {
      inputs.add(value("position_ids", idType, shape));
      node("Cast", "position_float", attribute("to", FLOAT), "position_ids");
      initializers.add(axes("last", 2));
      node("Unsqueeze", "position_wide", "position_float", "last");
      node("Add", "placed", x, "position_wide");
      x = "placed";
    }
    if (past) {
      inputs.add(
          value("past_key_values.0.key", FLOAT, "batch", "1", "past_length", String.valueOf(v)));
      initializers.add(axes("one", 1));
      node("Unsqueeze", "heads", x, "one");
      node("Concat", "all", attribute("axis", 2), "past_key_values.0.key", "heads");
      node("Squeeze", "flat", "all", "one");
      x = "flat";
    }
    initializers.add(axes("sequence_axis", 1));
    if (reverse) {
      node("CumSum", "sums", attribute("reverse", 1), x, "sequence_axis");
    } else {
      node("CumSum", "sums", x, "sequence_axis");
    }
    String logits = "sums";
    if (cache) {
      inputs.add(value("use_cache_branch", BOOL, "1"));
      node("Cast", "switch", attribute("to", FLOAT), "use_cache_branch");
      initializers.add(thousand());
      node("Mul", "switched", "switch", "thousand");
      node("Add", "after_switch", logits, "switched");
      logits = "after_switch";
    }
    if (!keep.isEmpty()) {
      inputs.add(value(keep, INT64));
      initializers.add(axes("keep_axes", 1));
      initializers.add(axes("keep_end", Integer.MAX_VALUE));
      node("Neg", "keep_from", keep);
      initializers.add(axes("keep_shape", 1));
      node("Reshape", "keep_start", "keep_from", "keep_shape");
      node("Slice", "kept", logits, "keep_start", "keep_end", "keep_axes");
      logits = "kept";
    }
    if (lastOnly) {
      initializers.add(axes("minus_one", -1));
      node("Gather", "end", attribute("axis", 1), "sums", "minus_one");
      logits = "end";
    }
    node("Cast", outputName, attribute("to", logitType), logits);
    Protobuf graph = new Protobuf().text(2, "tiny");
    nodes.forEach(node -> graph.message(1, node));
    initializers.forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(input -> graph.message(11, input));
    graph.message(12, value(outputName, logitType, shape[0], lastOnly ? "1" : shape[1], "vocab"));
    return new Protobuf()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Protobuf().text(1, "").number(2, 17))
        .bytes();
  }

  private Protobuf weights(int v) {
    Protobuf tensor = new Protobuf().number(1, v).number(1, v).number(2, FLOAT).text(8, "table");
    if (external.isEmpty()) {
      return tensor.raw(9, raw());
    }
    return tensor.message(13, new Protobuf().text(1, "location").text(2, external)).number(14, 1);
  }

  /** The table as a file of external data holds it. */
  byte[] raw() {
    ByteBuffer raw =
        ByteBuffer.allocate(4 * table.length * table.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : table) {
      for (float x : row) {
        raw.putFloat(x);
      }
    }
    return raw.array();
  }

  private static Protobuf axes(String name, int value) {
    byte[] raw = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return new Protobuf().number(1, 1).number(2, INT64).text(8, name).raw(9, raw);
  }

  private static Protobuf thousand() {
    byte[] raw = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1000).array();
    return new Protobuf().number(1, 1).number(2, FLOAT).text(8, "thousand").raw(9, raw);
  }

  private static Protobuf attribute(String name, long value) {
    return new Protobuf().text(1, name).number(3, value).number(20, 2);
  }

  private void node(String op, String output, String... from) {
    node(op, output, new Protobuf(), from);
  }

  private void node(String op, String output, Protobuf attribute, String... from) {
    Protobuf node = new Protobuf();
    for (String input : from) {
      node.text(1, input);
    }
    node.text(2, output).text(4, op);
    if (attribute.bytes().length > 0) {
      node.message(5, attribute);
    }
    nodes.add(node);
  }

  private static Protobuf value(String name, int type, String... dimensions) {
    Protobuf shape = new Protobuf();
    for (String dimension : dimensions) {
      boolean fixed = dimension.matches("[0-9]+");
      Protobuf size = new Protobuf();
      shape.message(1, fixed ? size.number(1, Long.parseLong(dimension)) : size.text(2, dimension));
    }
    Protobuf tensor = new Protobuf().number(1, type).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }
}

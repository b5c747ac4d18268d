package dev.stillhouse.pipeline.formats.maxtext;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.stillhouse.pipeline.formats.pickle.Tensor;
import dev.stillhouse.pipeline.formats.pickle.Unpickler;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arrays of one record, by name: of a pickled dict, or of a tf.Example. */
final class Batch {
  private static final int PICKLE = 0x80;

  private final String place;
  private final Map<String, Tensor> arrays = new HashMap<>();

  /**
   * Reads a record.
   *
   * @param place where it is, for errors
   */
  Batch(String place, byte[] record) {
    this.place = place;
    if (record.length > 0 && (record[0] & 0xFF) == PICKLE) {
      pickled(Unpickler.read(place, record));
    } else {
      example(record);
    }
  }

  /** Returns an array, or null. */
  @Nullable Tensor find(String name) {
    return arrays.get(name);
  }

  /** Returns an array. */
  Tensor need(String name) {
    Tensor found = arrays.get(name);
    if (found == null) {
      throw DataException.of(
          "%s has no array '%s'; present: %s (--set names another)", place, name, arrays.keySet());
    }
    return found;
  }

  private void pickled(Object root) {
    if (!(root instanceof Map<?, ?> map)) {
      throw DataException.of("%s: its pickle is no dict", place);
    }
    map.forEach(
        (name, value) -> {
          if (value instanceof Unpickler.Call call) {
            arrays.put(name.toString(), array(call));
          }
        });
  }

  /** Reads a numpy array: its state is (version, shape, type, is Fortran, bytes). */
  private Tensor array(Unpickler.Call call) {
    if (!call.function().endsWith("multiarray._reconstruct")
        || !(call.state() instanceof List<?> state)
        || state.size() < 5
        || !(state.get(1) instanceof List<?> lengths)
        || lengths.size() > 4
        || !(state.get(2) instanceof Unpickler.Call type)
        || !(state.get(4) instanceof byte[] bytes)) {
      throw DataException.of("%s: an array is not as numpy pickles it", place);
    }
    int[] shape =
        lengths.stream()
            .mapToInt(n -> n instanceof Long l && l >= 0 && l < 1 << 30 ? l.intValue() : -1)
            .toArray();
    boolean fortran = Boolean.TRUE.equals(state.get(3));
    return new Tensor(type(type), shape, strides(shape, fortran), 0, little(ByteBuffer.wrap(bytes)))
        .checked(place);
  }

  private static ByteBuffer little(ByteBuffer bytes) {
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long[] strides(int[] shape, boolean fortran) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      int axis = fortran ? i : shape.length - 1 - i;
      strides[axis] = step;
      step *= shape[axis];
    }
    return strides;
  }

  private String type(Unpickler.Call dtype) {
    Object code = dtype.arguments().isEmpty() ? "" : dtype.arguments().get(0);
    String name = code instanceof Unpickler.Name given ? given.name() : String.valueOf(code);
    boolean big =
        dtype.state() instanceof List<?> state && state.size() > 1 && ">".equals(state.get(1));
    if (big) {
      throw DataException.of("%s: an array is big-endian, which is not read", place);
    }
    return switch (name) {
      case "f2" -> "float16";
      case "f4" -> "float32";
      case "f8" -> "float64";
      case "i2" -> "int16";
      case "i4" -> "int32";
      case "i8" -> "int64";
      case "u2" -> "uint16";
      case "u4" -> "uint32";
      default -> name;
    };
  }

  /** Reads a tf.Example: a message of features, each with a list of floats or of integers. */
  private void example(byte[] record) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(record);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == 1 && isLengthed(tag)) {
          features(in.readByteArray());
        } else {
          skip(in, tag);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          place + ": it is neither a pickle nor a tf.Example: " + e.getMessage(), e);
    }
    if (arrays.isEmpty()) {
      throw DataException.of("%s: it is neither a pickle nor a tf.Example with features", place);
    }
  }

  private static boolean isLengthed(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new IOException("an end of a group without its start");
    }
  }

  private void features(byte[] message) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1 && isLengthed(tag)) {
        feature(in.readByteArray());
      } else {
        skip(in, tag);
      }
    }
  }

  private void feature(byte[] entry) throws IOException {
    String name = "";
    byte[] value = new byte[0];
    CodedInputStream in = CodedInputStream.newInstance(entry);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> name = in.readStringRequireUtf8();
        case 2 -> value = in.readByteArray();
        default -> skip(in, tag);
      }
    }
    CodedInputStream list = CodedInputStream.newInstance(value);
    for (int tag = list.readTag(); tag != 0; tag = list.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 2 -> arrays.put(name, floats(list.readByteArray()));
        case 3 -> arrays.put(name, integers(list.readByteArray()));
        default -> skip(list, tag);
      }
    }
  }

  private static Tensor floats(byte[] list) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(list);
    ByteBuffer to = little(ByteBuffer.allocate(list.length));
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isLengthed(tag)) {
        to.put(in.readByteArray());
      } else {
        to.putFloat(in.readFloat());
      }
    }
    return flat("float32", to, Float.BYTES);
  }

  private static Tensor integers(byte[] list) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(list);
    long[] values = new long[list.length];
    int count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isLengthed(tag)) {
        int end = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
          values[count++] = in.readInt64();
        }
        in.popLimit(end);
      } else {
        values[count++] = in.readInt64();
      }
    }
    ByteBuffer to = little(ByteBuffer.allocate(Long.BYTES * count));
    Arrays.stream(values, 0, count).forEach(to::putLong);
    return flat("int64", to, Long.BYTES);
  }

  private static Tensor flat(String type, ByteBuffer bytes, int width) {
    int count = bytes.position() / width;
    return new Tensor(type, new int[] {count}, new long[] {1}, 0, bytes);
  }
}

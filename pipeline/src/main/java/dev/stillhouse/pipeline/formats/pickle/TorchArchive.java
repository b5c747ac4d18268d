package dev.stillhouse.pipeline.formats.pickle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Reads what {@code torch.save} wrote: a ZIP archive of stored entries with a pickle and the bytes
 * of each storage. The checksum of every entry is verified.
 */
public final class TorchArchive {
  private static final int END = 0x06054b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_AXES = 8;

  private final String place;
  private final ByteBuffer zip;
  private final Map<String, ByteBuffer> entries = new HashMap<>();
  private String root = "";

  private TorchArchive(String place, byte[] bytes) {
    this.place = place;
    this.zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads an archive. Tensors in it are {@link Tensor}.
   *
   * @param place where it is, for errors
   * @throws DataException if it is damaged or none
   */
  public static Object read(String place, byte[] bytes) {
    TorchArchive archive = new TorchArchive(place, bytes);
    try {
      archive.directory();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DataException(
          place + ": its ZIP archive is damaged: an entry lies outside; get the file anew", e);
    }
    ByteBuffer pickle = archive.entry("data.pkl");
    byte[] data = new byte[pickle.remaining()];
    pickle.duplicate().get(data);
    return archive.tensors(Unpickler.read(place, data));
  }

  private void directory() {
    int end = zip.capacity() - END_BYTES;
    while (end >= 0 && zip.getInt(end) != END) {
      end--;
    }
    if (end < 0) {
      throw DataException.of("%s: this is no archive of torch.save; get the file anew", place);
    }
    int count = zip.getShort(end + 10) & 0xFFFF;
    int at = zip.getInt(end + 16);
    for (int i = 0; i < count; i++) {
      if (zip.getInt(at) != CENTRAL) {
        throw DataException.of("%s: its ZIP directory is damaged; get the file anew", place);
      }
      int method = zip.getShort(at + 10);
      int crc = zip.getInt(at + 16);
      int size = zip.getInt(at + 24);
      int nameLength = zip.getShort(at + 28) & 0xFFFF;
      String name = text(at + CENTRAL_BYTES, nameLength);
      int local = zip.getInt(at + 42);
      if (method != 0 || zip.getInt(local) != LOCAL) {
        throw DataException.of(
            "%s: entry %s is compressed or lies elsewhere; torch.save stores entries as they are",
            place, name);
      }
      int from =
          local
              + LOCAL_BYTES
              + (zip.getShort(local + 26) & 0xFFFF)
              + (zip.getShort(local + 28) & 0xFFFF);
      ByteBuffer data = zip.slice(from, size).order(ByteOrder.LITTLE_ENDIAN);
      CRC32 found = new CRC32();
      found.update(data.duplicate());
      if ((int) found.getValue() != crc) {
        throw DataException.of(
            "%s: entry %s has CRC-32 %08x, its directory says %08x; get the file anew",
            place, name, found.getValue(), crc);
      }
      entries.put(name, data);
      if (name.endsWith("/data.pkl")) {
        root = name.substring(0, name.length() - "data.pkl".length());
      }
      at +=
          CENTRAL_BYTES
              + nameLength
              + (zip.getShort(at + 30) & 0xFFFF)
              + (zip.getShort(at + 32) & 0xFFFF);
    }
    ByteBuffer order = entries.get(root + "byteorder");
    if (order != null && !UTF_8.decode(order.duplicate()).toString().equals("little")) {
      throw DataException.of("%s: its byte order is not little-endian", place);
    }
  }

  private String text(int from, int length) {
    byte[] bytes = new byte[length];
    zip.get(from, bytes);
    return new String(bytes, UTF_8);
  }

  private ByteBuffer entry(String name) {
    ByteBuffer data = entries.get(root + name);
    if (data == null) {
      throw DataException.of("%s: its archive has no entry %s; get the file anew", place, name);
    }
    return data;
  }

  /** Replaces calls that rebuild tensors by these tensors. */
  private Object tensors(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new HashMap<>();
      map.forEach((key, item) -> copy.put(key, tensors(item)));
      return copy;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(this::tensors).toList();
    }
    if (value instanceof Unpickler.Call call
        && call.function().startsWith("torch._utils._rebuild_tensor")) {
      return tensor(call);
    }
    return value;
  }

  private Tensor tensor(Unpickler.Call call) {
    List<?> arguments = call.arguments();
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof Unpickler.Persistent storage)
        || !(storage.id() instanceof List<?> id)
        || id.size() < 3
        || !(id.get(1) instanceof Unpickler.Name kind)) {
      throw DataException.of("%s: a tensor is not as torch.save writes it", place);
    }
    String type = kind.name().replace("Storage", "");
    if (type.equals("Untyped")
        && arguments.size() > 6
        && arguments.get(6) instanceof Unpickler.Name given) {
      type = given.name();
    }
    long[] shape = numbers(arguments.get(2));
    long[] strides = numbers(arguments.get(3));
    int[] lengths = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      lengths[i] = (int) Math.max(-1, Math.min(Integer.MAX_VALUE, shape[i]));
    }
    long offset = arguments.get(1) instanceof Long number ? number : -1;
    return new Tensor(name(type), lengths, strides, offset, entry("data/" + id.get(2)))
        .checked(place);
  }

  private static String name(String type) {
    return switch (type) {
      case "Half" -> "float16";
      case "BFloat16" -> "bfloat16";
      case "Float" -> "float32";
      case "Double" -> "float64";
      case "Bool" -> "bool";
      case "Byte" -> "uint8";
      case "Char" -> "int8";
      case "Short" -> "int16";
      case "Int" -> "int32";
      case "Long" -> "int64";
      default -> type;
    };
  }

  private long[] numbers(Object value) {
    if (!(value instanceof List<?> list) || list.size() > MAX_AXES) {
      throw DataException.of("%s: a tensor's shape is no list of %d or fewer", place, MAX_AXES);
    }
    return list.stream().mapToLong(item -> item instanceof Long number ? number : -1).toArray();
  }
}

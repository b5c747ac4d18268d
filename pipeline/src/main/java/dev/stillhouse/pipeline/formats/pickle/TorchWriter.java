package dev.stillhouse.pipeline.formats.pickle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes a dict of numbers and of contiguous tensors as {@code torch.save} does. */
public final class TorchWriter {
  private static final String ROOT = "archive/";
  private static final int ALIGNED = 64;

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final List<byte[]> storages = new ArrayList<>();

  /** Begins a dict. */
  public TorchWriter() {
    raw(0x80, 2, '}', '(');
  }

  /** Adds a number. */
  public void number(String key, int value) {
    text(key);
    integer(value);
  }

  /**
   * Adds a tensor.
   *
   * @param storage name of its storage's class, as in {@code HalfStorage}, or of a type that has
   *     none: {@code uint16}
   * @param bytes little-endian, the last axis first
   */
  public void tensor(String key, String storage, int[] shape, byte[] bytes) {
    text(key);
    boolean typed = storage.endsWith("Storage");
    global("torch._utils", typed ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
    raw('(', '(');
    text("storage");
    global(typed ? "torch" : "torch.storage", typed ? storage : "UntypedStorage");
    text(Integer.toString(storages.size()));
    text("cpu");
    int elements = 1;
    for (int axis : shape) {
      elements *= axis;
    }
    integer(typed ? elements : bytes.length);
    raw('t', 'Q');
    integer(0);
    raw('(');
    for (int axis : shape) {
      integer(axis);
    }
    raw('t', '(');
    for (int i = 0; i < shape.length; i++) {
      int stride = 1;
      for (int j = i + 1; j < shape.length; j++) {
        stride *= shape[j];
      }
      integer(stride);
    }
    raw('t', 0x89);
    global("collections", "OrderedDict");
    raw(')', 'R');
    if (!typed) {
      global("torch", storage);
    }
    raw('t', 'R');
    storages.add(bytes);
  }

  private void raw(int... codes) {
    for (int code : codes) {
      pickle.write(code);
    }
  }

  private void global(String module, String name) {
    pickle.writeBytes(("c" + module + "\n" + name + "\n").getBytes(UTF_8));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    pickle.write('X');
    pickle.writeBytes(int32(bytes.length));
    pickle.writeBytes(bytes);
  }

  private void integer(int value) {
    pickle.write('J');
    pickle.writeBytes(int32(value));
  }

  private static byte[] int32(int value) {
    return new byte[] {
      (byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)
    };
  }

  /** Returns the archive. */
  public byte[] finish() {
    raw('u', '.');
    Zip zip = new Zip();
    zip.add(ROOT + "data.pkl", pickle.toByteArray());
    zip.add(ROOT + "byteorder", "little".getBytes(UTF_8));
    for (int i = 0; i < storages.size(); i++) {
      zip.add(ROOT + "data/" + i, storages.get(i));
    }
    zip.add(ROOT + "version", "3\n".getBytes(UTF_8));
    return zip.finish();
  }

  /** A ZIP archive of stored entries whose bytes begin at multiples of 64. */
  private static final class Zip {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int count;

    void add(String name, byte[] data) {
      byte[] text = name.getBytes(UTF_8);
      CRC32 crc = new CRC32();
      crc.update(data);
      int start = out.size();
      int room = start + 30 + text.length + 4;
      int extra = 4 + (ALIGNED - room % ALIGNED) % ALIGNED;
      ByteBuffer local =
          ByteBuffer.allocate(30 + text.length + extra).order(ByteOrder.LITTLE_ENDIAN);
      local.putInt(0x04034b50).putShort((short) 0).putShort((short) 0).putShort((short) 0);
      local.putInt(0); // No time: equal data gives equal bytes.
      local.putInt((int) crc.getValue()).putInt(data.length).putInt(data.length);
      local.putShort((short) text.length).putShort((short) extra).put(text);
      local.putShort((short) 0x4246).putShort((short) (extra - 4));
      out.writeBytes(local.array());
      out.writeBytes(data);
      ByteBuffer entry = ByteBuffer.allocate(46 + text.length).order(ByteOrder.LITTLE_ENDIAN);
      entry.putInt(0x02014b50).putShort((short) 0).putShort((short) 0).putShort((short) 0);
      entry.putShort((short) 0).putInt(0);
      entry.putInt((int) crc.getValue()).putInt(data.length).putInt(data.length);
      entry.putShort((short) text.length).putShort((short) 0).putShort((short) 0);
      entry.putShort((short) 0).putShort((short) 0).putInt(0).putInt(start).put(text);
      directory.writeBytes(entry.array());
      count++;
    }

    byte[] finish() {
      int at = out.size();
      out.writeBytes(directory.toByteArray());
      ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
      end.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
      end.putShort((short) count).putShort((short) count);
      end.putInt(directory.size()).putInt(at).putShort((short) 0);
      out.writeBytes(end.array());
      return out.toByteArray();
    }
  }
}

package dev.stillhouse.pipeline.teacher.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A protobuf message, written field by field. */
final class Protobuf {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  Protobuf number(int field, long value) {
    return write(() -> out.writeInt64(field, value));
  }

  Protobuf text(int field, String value) {
    return raw(field, value.getBytes(UTF_8));
  }

  Protobuf message(int field, Protobuf value) {
    return raw(field, value.bytes());
  }

  Protobuf raw(int field, byte[] value) {
    return write(() -> out.writeByteArray(field, value));
  }

  byte[] bytes() {
    write(out::flush);
    return bytes.toByteArray();
  }

  private interface Write {
    void run() throws IOException;
  }

  private Protobuf write(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

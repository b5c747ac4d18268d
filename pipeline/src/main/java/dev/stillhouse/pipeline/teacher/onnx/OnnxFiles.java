package dev.stillhouse.pipeline.teacher.onnx;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.stillhouse.storage.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the bytes of a model: its file, and the files beside it that hold its larger weights
 * ("external data"). The file names them, by the field numbers of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxFiles {
  /** Protobuf's own limit for one message. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private static final int MAX_LOCATION = 4096;

  /** Max depth of graphs nested in each other (if, loop, scan). */
  private static final int MAX_DEPTH = 64;

  /** A message, and which of its fields lead to external data. */
  private enum Message {
    MODEL,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE_TENSOR,
    EXTERNAL_DATA,
    OTHER;

    Message field(int number) {
      return switch (this) {
        case MODEL -> number == 7 ? GRAPH : number == 25 ? FUNCTION : OTHER;
        case GRAPH ->
            number == 1 ? NODE : number == 5 ? TENSOR : number == 15 ? SPARSE_TENSOR : OTHER;
        case FUNCTION -> number == 7 ? NODE : OTHER;
        case NODE -> number == 5 ? ATTRIBUTE : OTHER;
        case ATTRIBUTE ->
            switch (number) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE_TENSOR;
              default -> OTHER;
            };
        case SPARSE_TENSOR -> number == 1 || number == 2 ? TENSOR : OTHER;
        case TENSOR -> number == 13 ? EXTERNAL_DATA : OTHER;
        case EXTERNAL_DATA, OTHER -> OTHER;
      };
    }
  }

  private OnnxFiles() {}

  /** Returns the sha256 (hex) over the model's file and each file of external data, by name. */
  static String sha256(Path model) {
    try {
      if (!Files.isRegularFile(model)) {
        throw DataException.of(
            "%s: %s", model, Files.exists(model) ? "is no file" : "there is no such model");
      }
      if (Files.size(model) > MAX_BYTES) {
        throw DataException.of(
            "%s has %d bytes; an ONNX file has at most %d, larger weights lie beside it as external"
                + " data",
            model, Files.size(model), MAX_BYTES);
      }
      Hasher hasher = Hashing.sha256().newHasher();
      hasher.putBytes(MoreFiles.asByteSource(model).hash(Hashing.sha256()).asBytes());
      for (String name : externalData(model)) {
        Path beside = beside(model, name);
        hasher.putInt(name.length()).putString(name, StandardCharsets.UTF_8);
        hasher.putBytes(MoreFiles.asByteSource(beside).hash(Hashing.sha256()).asBytes());
      }
      return hasher.hash().toString();
    } catch (IOException e) {
      throw new DataException(model + " cannot be read: " + e, e);
    }
  }

  private static Path beside(Path model, String name) {
    Path folder = model.toAbsolutePath().normalize().getParent();
    Path file = folder == null ? null : folder.resolve(name).normalize();
    if (file == null || !file.startsWith(folder)) {
      throw DataException.of(
          "%s: its external data '%s' lies outside its folder; a model may only name files beside"
              + " it",
          model, name);
    }
    if (!Files.isRegularFile(file)) {
      throw DataException.of(
          "%s: its external data '%s' is missing; put it beside the model", model, name);
    }
    return file;
  }

  /** Returns the names of the files of external data, sorted. */
  static SortedSet<String> externalData(Path model) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(model), 1 << 16)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      walk(coded, Message.MODEL, 0, names);
    } catch (InvalidProtocolBufferException e) {
      throw new DataException(
          model + " is no ONNX model: " + e.getMessage() + "; export the model to ONNX", e);
    }
    return names;
  }

  private static void walk(CodedInputStream in, Message message, int depth, SortedSet<String> names)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new InvalidProtocolBufferException("graphs nest deeper than " + MAX_DEPTH);
    }
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      boolean nested = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (message == Message.EXTERNAL_DATA && nested && (number == 1 || number == 2)) {
        String text = text(in);
        key = number == 1 ? text : key;
        value = number == 2 ? text : value;
      } else if (nested && message.field(number) != Message.OTHER) {
        int limit = in.pushLimit(in.readRawVarint32());
        walk(in, message.field(number), depth + 1, names);
        in.checkLastTagWas(0);
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
    if (key.equals("location")) {
      names.add(value);
    }
  }

  private static String text(CodedInputStream in) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > MAX_LOCATION) {
      throw new InvalidProtocolBufferException("a name of " + length + " bytes");
    }
    return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
  }
}

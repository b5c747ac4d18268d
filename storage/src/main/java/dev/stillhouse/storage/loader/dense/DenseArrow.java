package dev.stillhouse.storage.loader.dense;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.loader.LoadedBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ExtensionType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes a dense batch as an Arrow record batch, a record for each row. A row of [T] or [T][k]
 * numbers is an {@code arrow.fixed_shape_tensor}: a fixed-size list of all its numbers, with the
 * shape in the field's metadata (Arrow's canonical extension types). The numbers are written once,
 * into Arrow's own memory. bfloat16, which Arrow does not have, is uint16 with the metadata {@code
 * type: bfloat16}.
 */
@PublicApi
public final class DenseArrow {
  private DenseArrow() {}

  /**
   * Returns the rows of one teacher.
   *
   * @param teacher 0 for the dataset that was opened, from 1 on for those that were joined
   * @return a root; the caller closes it
   */
  public static VectorSchemaRoot of(
      LoadedBatch batch, int teacher, DenseForm form, BufferAllocator allocator) {
    VectorSchemaRoot root = VectorSchemaRoot.create(schema(form, batch.length()), allocator);
    try {
      load(root.getFieldVectors(), batch, teacher, form, allocator);
      root.setRowCount(batch.rows());
      return root;
    } catch (RuntimeException | Error e) {
      root.close();
      throw e;
    }
  }

  /**
   * Loads the rows of one teacher into vectors of {@link #schema}. What they held is released.
   *
   * @param vectors one for each column, in the order of {@code form}
   */
  public static void load(
      List<FieldVector> vectors,
      LoadedBatch batch,
      int teacher,
      DenseForm form,
      BufferAllocator allocator) {
    List<ArrowBuf> memory = new ArrayList<>();
    try {
      DenseBatch dense =
          DenseBatch.of(
              batch,
              teacher,
              form,
              bytes -> {
                ArrowBuf buffer = allocator.buffer(bytes);
                memory.add(buffer);
                buffer.writerIndex(bytes);
                return buffer.nioBuffer(0, bytes);
              });
      int column = 0;
      for (DenseColumn numbers : dense.columns().values()) {
        load(vectors.get(column), numbers.kind(), memory.get(column), allocator);
        column++;
      }
    } finally {
      memory.forEach(ArrowBuf::close); // The vectors hold on to what they were given.
    }
  }

  private static void load(
      FieldVector vector, DenseColumn.Kind kind, ArrowBuf numbers, BufferAllocator allocator) {
    int rows = kind.shape().get(0);
    FieldVector values = vector;
    if (kind.shape().size() > 1) {
      vector.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(allocator.getEmpty()));
      values = vector.getChildrenFromFields().get(0);
    }
    values.loadFieldBuffers(
        new ArrowFieldNode(kind.count(), 0), List.of(allocator.getEmpty(), numbers));
  }

  /** Returns the schema of batches, which is the same for any number of rows. */
  public static Schema schema(DenseForm form, int length) {
    return new Schema(form.columns(1, length).stream().map(DenseArrow::field).toList());
  }

  private static Field field(DenseColumn.Kind kind) {
    ImmutableMap<String, String> brain =
        kind.type() == NumberType.BFLOAT16
            ? ImmutableMap.of("type", "bfloat16")
            : ImmutableMap.of();
    ArrowType type = arrow(kind.type());
    List<Integer> shape = kind.shape().subList(1, kind.shape().size());
    if (shape.isEmpty()) {
      return new Field(kind.name(), new FieldType(false, type, null, brain), List.of());
    }
    ImmutableMap<String, String> tensor =
        ImmutableMap.<String, String>builder()
            .putAll(brain)
            .put(ExtensionType.EXTENSION_METADATA_KEY_NAME, "arrow.fixed_shape_tensor")
            .put(ExtensionType.EXTENSION_METADATA_KEY_METADATA, "{\"shape\":" + shape + "}")
            .buildOrThrow();
    int numbers = shape.stream().reduce(1, Math::multiplyExact);
    return new Field(
        kind.name(),
        new FieldType(false, new ArrowType.FixedSizeList(numbers), null, tensor),
        List.of(new Field(ListVector.DATA_VECTOR_NAME, FieldType.notNullable(type), List.of())));
  }

  private static ArrowType arrow(NumberType type) {
    return switch (type) {
      case UINT8 -> new ArrowType.Int(8, false);
      case INT32 -> new ArrowType.Int(32, true);
      case INT64 -> new ArrowType.Int(64, true);
      case BFLOAT16 -> new ArrowType.Int(16, false);
      case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
      case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    };
  }
}

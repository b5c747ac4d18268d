package dev.stillhouse.storage.loader.dense;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.loader.LoadedBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Writes a dense batch as an Arrow record batch: a record for each row, fixed-size lists of T, and
 * lists of k in these. The numbers are written once, into Arrow's own memory. bfloat16, which Arrow
 * does not know, is uint16 with the metadata {@code type: bfloat16}.
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
    List<ArrowBuf> memory = new ArrayList<>();
    List<FieldVector> vectors = new ArrayList<>();
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
      for (DenseColumn column : dense.columns().values()) {
        vectors.add(vector(column.kind(), memory.get(vectors.size()), allocator));
      }
      return new VectorSchemaRoot(vectors);
    } catch (RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    } finally {
      memory.forEach(ArrowBuf::close); // The vectors hold on to what they were given.
    }
  }

  private static FieldVector vector(
      DenseColumn.Kind kind, ArrowBuf numbers, BufferAllocator allocator) {
    FieldVector vector = field(kind.name(), kind.type(), kind.shape(), 1).createVector(allocator);
    int values = kind.shape().get(0);
    FieldVector level = vector;
    for (int depth = 1; depth < kind.shape().size(); depth++) {
      level.loadFieldBuffers(
          new ArrowFieldNode(values, 0), Collections.singletonList(allocator.getEmpty()));
      values *= kind.shape().get(depth);
      level = level.getChildrenFromFields().get(0);
    }
    level.loadFieldBuffers(new ArrowFieldNode(values, 0), List.of(allocator.getEmpty(), numbers));
    return vector;
  }

  private static Field field(
      String name, NumberType type, ImmutableList<Integer> shape, int depth) {
    if (depth == shape.size()) {
      ImmutableMap<String, String> told =
          type == NumberType.BFLOAT16 ? ImmutableMap.of("type", "bfloat16") : ImmutableMap.of();
      return new Field(name, new FieldType(false, arrow(type), null, told), List.of());
    }
    return new Field(
        name,
        FieldType.notNullable(new ArrowType.FixedSizeList(shape.get(depth))),
        List.of(field("element", type, shape, depth + 1)));
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

package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.layout.ShardHeader;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowBuffer;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Attributes the bytes of an Arrow file to their purpose: a column's buffers follow one another,
 * lists before their elements. Both lists hold the number of entries of a position, and count as
 * entries.
 */
final class ArrowParts {
  private ArrowParts() {}

  static Map<Part, Long> of(
      ShardHeader header,
      long fileBytes,
      List<ArrowBlock> blocks,
      Function<ArrowBlock, ArrowRecordBatch> read) {
    Map<Part, Long> parts = new EnumMap<>(Part.class);
    for (ArrowBlock block : blocks) {
      try (ArrowRecordBatch batch = read.apply(block)) {
        int buffer = 0;
        for (Field field : ArrowRows.schema(header.spec()).getFields()) {
          long bytes = 0;
          for (int i = buffers(field); i > 0; i--) {
            ArrowBuffer told = batch.getBuffersLayout().get(buffer++);
            bytes += told.getSize();
          }
          parts.merge(part(field.getName()), bytes, Long::sum);
        }
      }
    }
    long told = parts.values().stream().mapToLong(bytes -> bytes).sum();
    parts.put(Part.CONTAINER, fileBytes - told);
    return parts;
  }

  private static int buffers(Field field) {
    return TypeLayout.getTypeBufferCount(field.getType())
        + field.getChildren().stream().mapToInt(ArrowParts::buffers).sum();
  }

  private static Part part(String column) {
    return switch (column) {
      case ArrowRows.IDS -> Part.IDS;
      case ArrowRows.LOG_PROBS -> Part.LOG_PROBS;
      default -> Part.REST;
    };
  }
}

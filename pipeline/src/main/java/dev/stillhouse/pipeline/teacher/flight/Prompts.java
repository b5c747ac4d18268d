package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A batch as prompts: a window of a segment each. Rows of the answer are those of all slots that
 * are not padding, in order: row r is about the r-th of them.
 */
final class Prompts {
  private static final ArrowType INT32 = new ArrowType.Int(32, true);

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new Field(
                  "tokens",
                  FieldType.nullable(ArrowType.List.INSTANCE),
                  List.of(Field.nullable("item", INT32))),
              Field.nullable("first", INT32),
              Field.nullable("next", INT32),
              Field.nullable("sequence", new ArrowType.Int(64, true)),
              Field.nullable("position", INT32)));

  /** What is asked for when no rows are. */
  static final Prompts NONE =
      new Prompts(new TokenBatch(0, 1, new int[0], new int[0]), new Windows(null, 0));

  private final TokenBatch batch;
  private final List<Window> windows;

  /** The slot of each row. */
  private final int[] slots;

  Prompts(TokenBatch batch, Windows windows) {
    this.batch = batch;
    this.windows = windows.cut(batch);
    this.slots = new int[batch.positions()];
    int row = 0;
    for (int slot = 0; slot < batch.slots(); slot++) {
      if (!batch.padding(slot)) {
        slots[row++] = slot;
      }
    }
  }

  TokenBatch batch() {
    return batch;
  }

  /** Returns the number of rows that are asked for. */
  int rows() {
    return slots.length;
  }

  /** Returns the slot of a row. */
  int slot(int row) {
    return slots[row];
  }

  /** Returns the token at a row. */
  int token(int row) {
    return batch.tokens()[slots[row]];
  }

  /** Returns the sequence and position of a row, in words. */
  String where(int row) {
    if (row < 0 || row >= slots.length) {
      return toString();
    }
    int slot = slots[row];
    return "sequence "
        + (batch.firstSequence() + slot / batch.length())
        + ", position "
        + slot % batch.length();
  }

  /** Returns the prompts as columns. */
  VectorSchemaRoot columns(BufferAllocator allocator) {
    VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, allocator);
    ListVector tokens = (ListVector) root.getVector("tokens");
    IntVector ids = (IntVector) tokens.getDataVector();
    IntVector first = (IntVector) root.getVector("first");
    IntVector next = (IntVector) root.getVector("next");
    BigIntVector sequence = (BigIntVector) root.getVector("sequence");
    IntVector position = (IntVector) root.getVector("position");
    int id = 0;
    for (int p = 0; p < windows.size(); p++) {
      Window window = windows.get(p);
      int start = window.start();
      tokens.startNewValue(p);
      for (int t = 0; t < window.length(); t++) {
        ids.setSafe(id++, batch.tokens()[start + t]);
      }
      tokens.endValue(p, window.length());
      first.setSafe(p, window.firstUsed());
      next.setSafe(p, batch.target(start + window.length() - 1));
      sequence.setSafe(p, batch.firstSequence() + start / batch.length());
      position.setSafe(p, start % batch.length());
    }
    ids.setValueCount(id);
    root.setRowCount(windows.size());
    return root;
  }

  @Override
  public String toString() {
    if (rows() == 0) {
      return "its first call";
    }
    return "sequences "
        + batch.firstSequence()
        + " to "
        + (batch.firstSequence() + batch.sequences() - 1);
  }
}

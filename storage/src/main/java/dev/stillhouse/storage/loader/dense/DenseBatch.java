package dev.stillhouse.storage.loader.dense;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.loader.LoadedBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A batch in the shape of a {@link DenseForm}.
 *
 * @param form its shape
 * @param columns by name, in the order of {@link DenseForm}
 */
@PublicApi
public record DenseBatch(DenseForm form, ImmutableMap<String, DenseColumn> columns) {
  /** Returns the rows of one teacher, on the heap. */
  public static DenseBatch of(LoadedBatch batch, int teacher, DenseForm form) {
    return of(batch, teacher, form, ByteBuffer::allocate);
  }

  /** Returns the rows of the first teacher, on the heap. */
  public static DenseBatch of(LoadedBatch batch, DenseForm form) {
    return of(batch, 0, form);
  }

  /**
   * Returns the rows of one teacher, in the caller's memory.
   *
   * @param teacher 0 for the dataset that was opened, from 1 on for those that were joined
   * @param memory gives a buffer of a number of bytes; called once for each column in the order of
   *     {@link DenseForm}; its content does not matter
   */
  public static DenseBatch of(
      LoadedBatch batch, int teacher, DenseForm form, IntFunction<ByteBuffer> memory) {
    var columns = ImmutableMap.<String, DenseColumn>builder();
    DenseFill fill = new DenseFill(batch, teacher, form);
    List<DenseColumn.Kind> kinds = form.columns(batch.rows(), batch.length());
    for (int i = 0; i < kinds.size(); i++) {
      DenseColumn.Kind kind = kinds.get(i);
      ByteBuffer data = memory.apply(kind.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      fill.fill(form.fields().get(i), NumberSink.of(kind.type(), data));
      columns.put(kind.name(), new DenseColumn(kind, data));
    }
    return new DenseBatch(form, columns.buildOrThrow());
  }

  /**
   * Returns the column with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public DenseColumn column(String name) {
    DenseColumn column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("no column " + name + "; there are " + columns.keySet());
    }
    return column;
  }
}

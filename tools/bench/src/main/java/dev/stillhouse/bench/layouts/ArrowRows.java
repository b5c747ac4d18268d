package dev.stillhouse.bench.layouts;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.statistics.Float16;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Converts a sequence to Arrow: a record batch of T rows, one for each position, with lists of
 * int32 ids and of float16 log-probs. Values are copied in bulk, from buffer to array.
 */
final class ArrowRows {
  static final String IDS = "ids";
  static final String LOG_PROBS = "log_probs";

  private static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType HALF = new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
  private static final ArrowType SINGLE =
      new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

  private ArrowRows() {}

  static Schema schema(StatisticSpec spec) {
    var fields = ImmutableList.<Field>builder();
    fields.add(Field.notNullable("tokens", INT32), Field.notNullable("segments", INT32));
    fields.add(list(IDS, INT32), list(LOG_PROBS, HALF));
    for (String name : scalars(spec)) {
      fields.add(Field.notNullable(name, SINGLE));
    }
    return new Schema(fields.build());
  }

  /** Returns the names of the columns of one float at each position. */
  private static List<String> scalars(StatisticSpec spec) {
    var names =
        ImmutableList.<String>builder()
            .add("log_tail", "entropy", "log_normaliser", "target_log_prob");
    // Lance takes no dot in a name.
    spec.furtherScalars().forEach(name -> names.add(name.replace('.', '_')));
    return names.build();
  }

  private static Field list(String name, ArrowType type) {
    return new Field(
        name,
        FieldType.notNullable(ArrowType.List.INSTANCE),
        List.of(Field.notNullable("element", type)));
  }

  /** Writes a row of {@code batch} to {@code root}. */
  static void fill(VectorSchemaRoot root, StatisticSpec spec, StatisticsBatch batch, int row) {
    int length = batch.tokens().length();
    int from = row * length;
    ints(root.getVector("tokens"), batch.tokens().tokens(), from, length);
    ints(root.getVector("segments"), batch.tokens().segments(), from, length);
    fillEntries(root, batch, row);
    float[][] values = scalars(batch);
    for (int i = 0; i < values.length; i++) {
      FieldVector vector = root.getVector(scalars(spec).get(i));
      bytes(vector, length, Float.BYTES).asFloatBuffer().put(values[i], from, length);
    }
    root.setRowCount(length);
  }

  /** Writes ids and log-probs of a row to {@code root}. */
  static void fillEntries(VectorSchemaRoot root, StatisticsBatch batch, int row) {
    int length = batch.tokens().length();
    int from = row * length;
    int first = batch.offsets()[from];
    int entries = batch.offsets()[from + length] - first;
    ints(elements(root, IDS, batch, from), batch.ids(), first, entries);
    FieldVector halves = elements(root, LOG_PROBS, batch, from);
    ShortBuffer into = bytes(halves, entries, Short.BYTES).asShortBuffer();
    for (int i = 0; i < entries; i++) {
      into.put(i, Float16.narrow(batch.logProbs()[first + i]));
    }
    root.setRowCount(length);
  }

  /** Returns whether a column holds ids or log-probs. */
  static boolean isOfEntries(Field field) {
    return field.getName().equals(IDS) || field.getName().equals(LOG_PROBS);
  }

  private static float[][] scalars(StatisticsBatch batch) {
    float[][] all = new float[4 + batch.further().length][];
    all[0] = batch.logTail();
    all[1] = batch.entropy();
    all[2] = batch.logNormaliser();
    all[3] = batch.targetLogProb();
    System.arraycopy(batch.further(), 0, all, 4, batch.further().length);
    return all;
  }

  private static FieldVector elements(
      VectorSchemaRoot root, String name, StatisticsBatch batch, int from) {
    ListVector list = (ListVector) root.getVector(name);
    list.allocateNew();
    int length = batch.tokens().length();
    for (int i = 0; i < length; i++) {
      list.startNewValue(i);
      list.endValue(i, batch.offsets()[from + i + 1] - batch.offsets()[from + i]);
    }
    list.setValueCount(length);
    return list.getDataVector();
  }

  private static void ints(FieldVector vector, int[] values, int from, int count) {
    bytes(vector, count, Integer.BYTES).asIntBuffer().put(values, from, count);
  }

  /** Returns the value buffer of a vector of {@code count} values, none of them null. */
  private static ByteBuffer bytes(FieldVector vector, int count, int width) {
    vector.setInitialCapacity(count);
    vector.allocateNew();
    vector.setValueCount(count);
    vector.getValidityBuffer().setOne(0, (count + Byte.SIZE - 1L) / Byte.SIZE);
    return vector.getDataBuffer().nioBuffer(0, count * width).order(ByteOrder.nativeOrder());
  }

  /** Copies rows to {@code to}, from slot {@code slot} on. */
  static void read(VectorSchemaRoot root, StatisticSpec spec, StatisticsBatch to, int slot) {
    int length = root.getRowCount();
    TokenBatch tokens = to.tokens();
    data(root.getVector("tokens"), 0, length * 4).asIntBuffer().get(tokens.tokens(), slot, length);
    data(root.getVector("segments"), 0, length * 4)
        .asIntBuffer()
        .get(tokens.segments(), slot, length);
    ListVector ids = (ListVector) root.getVector(IDS);
    int first = to.offsets()[slot];
    int base = ids.getOffsetBuffer().getInt(0); // Not 0 in a slice of a longer batch.
    for (int i = 1; i <= length; i++) {
      to.offsets()[slot + i] = first + ids.getOffsetBuffer().getInt((long) i * 4) - base;
    }
    int entries = to.offsets()[slot + length] - first;
    data(ids.getDataVector(), base * 4, entries * 4).asIntBuffer().get(to.ids(), first, entries);
    ListVector logProbs = (ListVector) root.getVector(LOG_PROBS);
    int start = logProbs.getOffsetBuffer().getInt(0);
    Float16.widen(
        data(logProbs.getDataVector(), start * 2, entries * 2).asShortBuffer(),
        FloatBuffer.wrap(to.logProbs(), first, entries).slice());
    float[][] values = scalars(to);
    for (int i = 0; i < values.length; i++) {
      FieldVector vector = root.getVector(scalars(spec).get(i));
      data(vector, 0, length * 4).asFloatBuffer().get(values[i], slot, length);
    }
  }

  /** Returns the entries of a loaded batch. */
  static int entries(VectorSchemaRoot root) {
    ArrowBuf offsets = ((ListVector) root.getVector(IDS)).getOffsetBuffer();
    return offsets.getInt(4L * root.getRowCount()) - offsets.getInt(0);
  }

  private static ByteBuffer data(FieldVector vector, int from, int bytes) {
    return vector.getDataBuffer().nioBuffer(from, bytes).order(ByteOrder.nativeOrder());
  }
}

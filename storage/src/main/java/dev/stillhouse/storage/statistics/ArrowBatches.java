package dev.stillhouse.storage.statistics;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Converts batches to Arrow: one record for each sequence, with the columns and names of the layout
 * {@code columns} that the statistic has. Offsets and values are set in bulk; NaN becomes null.
 */
public final class ArrowBatches {
  private static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType INT8 = new ArrowType.Int(8, true);
  private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

  private ArrowBatches() {}

  /** Returns the schema of the records of a statistic. */
  public static Schema schema(StatisticSpec spec) {
    var fields = ImmutableList.<Field>builder();
    fields.add(
        Field.notNullable("sequence", new ArrowType.Int(64, true)),
        list("tokens", Field.notNullable("element", INT32)),
        list("segments", Field.notNullable("element", INT32)),
        Field.notNullable("fingerprint", new ArrowType.FixedSizeBinary(RowFingerprint.BYTES)),
        entries("ids", INT32),
        entries("log_probs", FLOAT));
    if (spec.hasReasons()) {
      fields.add(entries("reasons", INT8));
    }
    if (spec.hasCounts()) {
      fields.add(entries("counts", INT32));
    }
    if (spec.hasProposals()) {
      fields.add(entries("log_proposals", FLOAT));
    }
    for (String name : List.of("log_tail", "entropy", "log_normaliser", "target_log_prob")) {
      fields.add(list(name, Field.nullable("element", FLOAT)));
    }
    for (String name : spec.furtherScalars()) {
      fields.add(list(name, Field.nullable("element", FLOAT)));
    }
    return new Schema(fields.build());
  }

  private static Field entries(String name, ArrowType type) {
    return list(name, list("element", Field.notNullable("element", type)));
  }

  /** Returns an empty root for {@link #fill}. */
  public static VectorSchemaRoot root(BufferAllocator allocator, StatisticSpec spec) {
    return VectorSchemaRoot.create(schema(spec), allocator);
  }

  /**
   * Fills {@code root} with the sequences of {@code batch}.
   *
   * @param root made for {@code spec}
   * @param sequences dataset-wide number of each row
   * @param batch with all columns of {@code spec}
   */
  public static void fill(
      VectorSchemaRoot root, StatisticSpec spec, long[] sequences, StatisticsBatch batch) {
    TokenBatch tokens = batch.tokens();
    BigIntVector numbers = (BigIntVector) root.getVector("sequence");
    FixedSizeBinaryVector prints = (FixedSizeBinaryVector) root.getVector("fingerprint");
    for (int row = 0; row < tokens.sequences(); row++) {
      numbers.setSafe(row, sequences[row]);
      prints.setSafe(row, tokens.fingerprint(row));
    }
    ints(rows(root, "tokens", tokens), tokens.tokens(), tokens.slots());
    ints(rows(root, "segments", tokens), tokens.segments(), tokens.slots());
    ints(entries(root, "ids", batch), batch.ids(), batch.entries());
    floats(entries(root, "log_probs", batch), batch.logProbs(), batch.entries());
    Provenance provenance = batch.provenance();
    if (spec.hasReasons()) {
      bytes(entries(root, "reasons", batch), provenance.reasons(), batch.entries());
    }
    if (spec.hasCounts()) {
      ints(entries(root, "counts", batch), provenance.counts(), batch.entries());
    }
    if (spec.hasProposals()) {
      floats(entries(root, "log_proposals", batch), provenance.logProposals(), batch.entries());
    }
    floats(rows(root, "log_tail", tokens), batch.logTail(), tokens.slots());
    floats(rows(root, "entropy", tokens), batch.entropy(), tokens.slots());
    floats(rows(root, "log_normaliser", tokens), batch.logNormaliser(), tokens.slots());
    floats(rows(root, "target_log_prob", tokens), batch.targetLogProb(), tokens.slots());
    for (int i = 0; i < batch.further().length; i++) {
      FieldVector vector = rows(root, spec.furtherScalars().get(i), tokens);
      floats(vector, batch.further()[i], tokens.slots());
    }
    root.setRowCount(tokens.sequences());
  }

  private static Field list(String name, Field element) {
    return new Field(name, FieldType.notNullable(ArrowType.List.INSTANCE), List.of(element));
  }

  /** Sets a list of T elements in each row; returns the vector of the elements. */
  private static FieldVector rows(VectorSchemaRoot root, String name, TokenBatch tokens) {
    ListVector list = (ListVector) root.getVector(name);
    list.allocateNew();
    for (int row = 0; row < tokens.sequences(); row++) {
      list.startNewValue(row);
      list.endValue(row, tokens.length());
    }
    list.setValueCount(tokens.sequences());
    return list.getDataVector();
  }

  /** Sets a list of entries in each slot; returns the vector of the entries. */
  private static FieldVector entries(VectorSchemaRoot root, String name, StatisticsBatch batch) {
    ListVector slots = (ListVector) rows(root, name, batch.tokens());
    slots.allocateNew();
    for (int i = 0; i < batch.tokens().slots(); i++) {
      slots.startNewValue(i);
      slots.endValue(i, batch.offsets()[i + 1] - batch.offsets()[i]);
    }
    slots.setValueCount(batch.tokens().slots());
    return slots.getDataVector();
  }

  private static void bytes(FieldVector vector, byte[] values, int count) {
    TinyIntVector bytes = (TinyIntVector) vector;
    bytes.allocateNew(count);
    for (int i = 0; i < count; i++) {
      bytes.set(i, values[i]);
    }
    bytes.setValueCount(count);
  }

  private static void ints(FieldVector vector, int[] values, int count) {
    IntVector ints = (IntVector) vector;
    ints.allocateNew(count);
    for (int i = 0; i < count; i++) {
      ints.set(i, values[i]);
    }
    ints.setValueCount(count);
  }

  private static void floats(FieldVector vector, float[] values, int count) {
    Float4Vector floats = (Float4Vector) vector;
    floats.allocateNew(count);
    for (int i = 0; i < count; i++) {
      if (Float.isNaN(values[i])) {
        floats.setNull(i);
      } else {
        floats.set(i, values[i]);
      }
    }
    floats.setValueCount(count);
  }
}

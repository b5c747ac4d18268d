package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/** Takes the rows of an answer, in their order, and checks each before it counts. */
final class ReducedRows {
  private final Prompts prompts;
  private final Exchange call;
  private final StatisticsBatch scalars;
  private final StatisticSpec spec;
  private final int maxEntries;
  private final RowCheck check;
  private final int[] offsets;
  private int[] ids = new int[0];
  private float[] logProbs = new float[0];
  private Provenance provenance;
  private int rows;
  private int entries;

  ReducedRows(Prompts prompts, Selection selection, Exchange call) {
    this.prompts = prompts;
    this.call = call;
    this.scalars = StatisticsBatch.nulls(selection.spec(), prompts.batch());
    this.spec = selection.spec();
    this.maxEntries = selection.maxEntries();
    this.check = new RowCheck(selection);
    this.offsets = new int[prompts.batch().slots() + 1];
    this.provenance = Provenance.room(selection.spec(), 0);
  }

  /**
   * Adds a record batch.
   *
   * @throws DataException if it is not what was asked for
   */
  void add(VectorSchemaRoot root) {
    int count = root.getRowCount();
    if (count > prompts.rows() - rows) {
      throw call.wrong(
          prompts.rows() - 1, "the answer has rows behind this, the last that was asked for");
    }
    for (FieldVector vector : root.getFieldVectors()) {
      if (vector.getNullCount() > 0 || vector.getValueCount() != count) {
        throw call.wrong(rows, "the column " + vector.getName() + " has nulls or too few values");
      }
    }
    int[] starts = starts((ListVector) root.getVector(Columns.ENTRIES), count);
    numbers(ints(root.getVector(Columns.ROW), count), ints(root.getVector(Columns.TOKEN), count));
    entries((StructVector) ((ListVector) root.getVector(Columns.ENTRIES)).getDataVector(), starts);
    float[][] values = new float[root.getFieldVectors().size() - 3][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new float[count];
      bytes(root.getFieldVectors().get(3 + i), 0, count).asFloatBuffer().get(values[i]);
    }
    for (int i = 0; i < count; i++) {
      scalars(i, values);
    }
    for (int i = 0; i < count; i++, rows++) {
      int slot = prompts.slot(rows);
      int from = entries + starts[i] - starts[0];
      int to = entries + starts[i + 1] - starts[0];
      String wrong = check.row(scalars, slot, ids, logProbs, provenance, from, to);
      if (wrong != null) {
        throw call.wrong(rows, wrong);
      }
      offsets[slot + 1] = to;
    }
    entries += starts[count] - starts[0];
  }

  private int[] starts(ListVector lists, int count) {
    int[] starts = new int[count + 1];
    if (count > 0) { // Arrow may leave out the buffer of no lists.
      buffer(lists.getOffsetBuffer(), 0, (count + 1) * Integer.BYTES).asIntBuffer().get(starts);
    }
    int max = lists.getDataVector().getValueCount();
    for (int i = 0; i <= count; i++) {
      boolean right = starts[i] >= (i == 0 ? 0 : starts[i - 1]) && starts[i] <= max;
      if (!right || (i > 0 && starts[i] - starts[i - 1] > maxEntries)) {
        throw call.wrong(
            rows + Math.max(0, i - 1),
            "its entries end at "
                + starts[i]
                + " of "
                + max
                + "; need at most "
                + maxEntries
                + " a row, one row behind another");
      }
    }
    return starts;
  }

  private void numbers(int[] numbers, int[] tokens) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != rows + i || tokens[i] != prompts.token(rows + i)) {
        throw call.wrong(
            rows + i,
            "the answer is about row "
                + numbers[i]
                + " and token "
                + tokens[i]
                + ", not row "
                + (rows + i)
                + " and token "
                + prompts.token(rows + i));
      }
    }
  }

  private void entries(StructVector entry, int[] starts) {
    int from = starts[0];
    int n = starts[starts.length - 1] - from;
    if (n == 0) {
      return;
    }
    room(n);
    if (entry.getNullCount() > 0) {
      throw call.wrong(rows, "an entry is null");
    }
    bytes(child(entry, "id"), from, n).asIntBuffer().get(ids, entries, n);
    bytes(child(entry, "log_prob"), from, n).asFloatBuffer().get(logProbs, entries, n);
    if (provenance.reasons().length > 0) {
      bytes(child(entry, "reasons"), from, n).get(provenance.reasons(), entries, n);
    }
    if (provenance.counts().length > 0) {
      bytes(child(entry, "count"), from, n).asIntBuffer().get(provenance.counts(), entries, n);
    }
    if (provenance.logProposals().length > 0) {
      bytes(child(entry, "log_proposal"), from, n)
          .asFloatBuffer()
          .get(provenance.logProposals(), entries, n);
    }
  }

  private FieldVector child(StructVector entry, String name) {
    FieldVector child = entry.getChild(name);
    if (child == null || child.getNullCount() > 0) {
      throw call.wrong(rows, "the entries' " + name + " has nulls");
    }
    return child;
  }

  private void room(int more) {
    long needed = (long) entries + more;
    if (needed > Integer.MAX_VALUE - 8) {
      throw call.wrong(rows, "the answer has more than 2^31 entries; take a smaller statistic");
    }
    if (needed <= ids.length) {
      return;
    }
    int room = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * ids.length));
    ids = Arrays.copyOf(ids, room);
    logProbs = Arrays.copyOf(logProbs, room);
    Provenance larger = Provenance.room(spec, room);
    provenance.copy(0, larger, 0, entries);
    provenance = larger;
  }

  private void scalars(int i, float[][] values) {
    int slot = prompts.slot(rows + i);
    scalars.logTail()[slot] = values[0][i];
    scalars.entropy()[slot] = values[1][i];
    scalars.logNormaliser()[slot] = values[2][i];
    scalars.targetLogProb()[slot] = values[3][i];
    for (int f = 0; f < scalars.further().length; f++) {
      scalars.further()[f][slot] = values[4 + f][i];
    }
  }

  private static int[] ints(FieldVector vector, int n) {
    int[] values = new int[n];
    bytes(vector, 0, n).asIntBuffer().get(values);
    return values;
  }

  private static ByteBuffer bytes(FieldVector vector, int from, int n) {
    int width = ((BaseFixedWidthVector) vector).getTypeWidth();
    return buffer(vector.getDataBuffer(), (long) from * width, n * width);
  }

  private static ByteBuffer buffer(ArrowBuf memory, long from, int bytes) {
    // nioBuffer checks that the memory is there, whatever the message said of its length.
    return bytes == 0
        ? ByteBuffer.allocate(0)
        : memory.nioBuffer(from, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the statistics.
   *
   * @throws DataException if rows are missing
   */
  StatisticsBatch finish() {
    if (rows < prompts.rows()) {
      throw call.wrong(
          rows, "the answer ends before it: " + rows + " of " + prompts.rows() + " rows came");
    }
    for (int slot = 0; slot < prompts.batch().slots(); slot++) {
      offsets[slot + 1] = Math.max(offsets[slot + 1], offsets[slot]); // padding has no entries
    }
    return scalars.withEntries(offsets, ids, logProbs, provenance);
  }
}

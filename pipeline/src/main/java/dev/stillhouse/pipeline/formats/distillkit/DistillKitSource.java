package dev.stillhouse.pipeline.formats.distillkit;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.formats.fields.Numbers;

/** Files of the current form. */
final class DistillKitSource implements ImportSource {
  private static final ImmutableList<String> COLUMNS =
      ImmutableList.of("input_ids", "compressed_logprobs", "bytepacked_indices");

  private final ImmutableList<ImportFile> files;
  private final Compression compression;
  private final SourceFacts facts;

  DistillKitSource(ImmutableList<ImportFile> files, Compression compression, SourceFacts facts) {
    this.files = files;
    this.compression = compression;
    this.facts = facts;
  }

  @Override
  public SourceFacts facts() {
    return facts;
  }

  @Override
  public void read(SequenceSink sink) {
    ColumnFile.read(files, COLUMNS, this::fill, sink);
  }

  private void fill(ColumnFile rows, SourceSequence to) {
    Numbers values = rows.numbers(1);
    Numbers ids = rows.numbers(2);
    if (values.rows() != ids.rows()) {
      throw rows.wrong(
          "%d positions of compressed_logprobs, %d of bytepacked_indices",
          values.rows(), ids.rows());
    }
    int idBytes = (int) ((long) compression.k() * compression.idBits() + 7) / 8;
    float[] logProbs = new float[compression.k()];
    for (int row = 0; row < ids.rows(); row++) {
      compression.decode(bytes(rows, 1, row, compression.bytes()), logProbs);
      Bits packed = new Bits(bytes(rows, 2, row, idBytes), 0);
      to.row();
      for (float logProb : logProbs) {
        int id = (int) packed.next(compression.idBits());
        if (logProb != Float.NEGATIVE_INFINITY) { // A server's answer was shorter there.
          to.entry(id, logProb);
        }
      }
    }
  }

  private static byte[] bytes(ColumnFile rows, int column, int row, int need) {
    Numbers numbers = rows.numbers(column);
    int count = numbers.to(row) - numbers.from(row);
    if (count != need) {
      throw rows.wrong(
          "position %d has %d bytes of %s; the compression settings need %d, so they are of other"
              + " files",
          row, count, COLUMNS.get(column), need);
    }
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      long value = rows.integer(column, numbers.from(row) + i);
      if (value < 0 || value > 255) {
        throw rows.wrong("position %d: byte %d of %s is %d", row, i, COLUMNS.get(column), value);
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }
}

package dev.stillhouse.pipeline.formats.distillkit;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.formats.fields.Numbers;

/** Files of the legacy form. */
final class LegacySource implements ImportSource {
  private static final ImmutableList<String> COLUMNS =
      ImmutableList.of("input_ids", "packed_indices", "exact_values", "coeffs");

  private final ImmutableList<ImportFile> files;
  private final LegacyCompression compression;
  private final SourceFacts facts;

  LegacySource(ImmutableList<ImportFile> files, LegacyCompression compression, SourceFacts facts) {
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
    for (int row = 0; row < rows.numbers(1).rows(); row++) {
      row(rows, row, to);
    }
  }

  private void row(ColumnFile rows, int row, SourceSequence to) {
    int bits = compression.idBits();
    int perLong = Long.SIZE / bits;
    Numbers ids = part(rows, 1, row, (compression.k() + perLong - 1) / perLong);
    Numbers exact = part(rows, 2, row, compression.exactK());
    Numbers fit = part(rows, 3, row, compression.coefficients());
    double[] coefficients = new double[compression.coefficients()];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = fit.get(fit.from(row) + i);
    }
    to.row();
    for (int i = 0; i < compression.k(); i++) {
      long packed = rows.integer(1, ids.from(row) + i / perLong);
      int id = (int) (packed >>> (bits * (i % perLong)) & ((1L << bits) - 1));
      double value =
          i < compression.exactK()
              ? exact.get(exact.from(row) + i)
              : compression.fitted(coefficients, i - compression.exactK());
      if (value != Double.NEGATIVE_INFINITY) {
        to.entry(id, (float) value);
      }
    }
  }

  private static Numbers part(ColumnFile rows, int column, int row, int need) {
    Numbers numbers = rows.numbers(column);
    int count = row < numbers.rows() ? numbers.to(row) - numbers.from(row) : -1;
    if (count != need || numbers.rows() != rows.numbers(1).rows()) {
      throw rows.wrong(
          "position %d has %s numbers of %s; the compression settings need %d, so they are of other"
              + " files",
          row, count < 0 ? "no" : count, COLUMNS.get(column), need);
    }
    return numbers;
  }
}

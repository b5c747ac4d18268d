package dev.stillhouse.pipeline.formats.maxtext;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.formats.pickle.Tensor;
import dev.stillhouse.storage.DataException;
import org.jspecify.annotations.Nullable;

/** The records of MaxText's files, each a sequence or a batch of them. */
final class MaxTextSource implements ImportSource {
  /** Names of the arrays of a record. */
  record Names(String tokens, String logits, String ids, String segments) {}

  private final ImmutableList<ImportFile> files;
  private final Names names;
  private final int length;
  private final SourceFacts facts;

  /**
   * Creates a source.
   *
   * @param length tokens of a sequence where arrays are flat; 0 if a record is one sequence
   */
  MaxTextSource(
      ImmutableList<ImportFile> files,
      Names names,
      int length,
      Alignment alignment,
      String canonical) {
    this.files = files;
    this.names = names;
    this.length = length;
    this.facts = new SourceFacts(alignment, true, 0, share(), false, true, canonical);
  }

  /** Returns the rounding of the first record's type, which all have. */
  private double share() {
    try (ArrayRecords records = new ArrayRecords(files.get(0))) {
      return records.next() ? batch(files.get(0), records).need(names.logits()).share() : 0;
    }
  }

  @Override
  public SourceFacts facts() {
    return facts;
  }

  private static Batch batch(ImportFile file, ArrayRecords records) {
    return new Batch(file.path() + ", record " + records.record(), records.bytes());
  }

  @Override
  public void read(SequenceSink sink) {
    SourceSequence sequence = new SourceSequence();
    for (ImportFile file : files) {
      long document = 0;
      try (ArrayRecords records = new ArrayRecords(file)) {
        while (records.next()) {
          String place = "record " + records.record();
          Batch batch = batch(file, records);
          Tensor tokens = batch.need(names.tokens());
          int count = elements(tokens);
          int step = step(tokens, count, file, place);
          int k = k(batch, count, file, place);
          for (int from = 0; from < count; from += step) {
            sequence.begin(file, document++, place + ", token " + from);
            fill(batch, from, from + step, k, sequence);
            if (sequence.tokens() > 0) {
              sink.accept(sequence);
            }
          }
        }
      }
      file.checkLength();
    }
  }

  private static int elements(Tensor array) {
    long count = array.shape().length == 0 ? 0 : 1;
    for (int axis : array.shape()) {
      count = Math.min(count * axis, Integer.MAX_VALUE); // Its bytes hold fewer: it was checked.
    }
    return (int) count;
  }

  private int step(Tensor tokens, int count, ImportFile file, String place) {
    int last = count == 0 ? 0 : tokens.shape()[tokens.shape().length - 1];
    int step = length > 0 ? length : last;
    if (step == 0 || count % step != 0) {
      throw DataException.of(
          "%s, %s: %d tokens are no multiple of a sequence's %d", file.path(), place, count, step);
    }
    return step;
  }

  private int k(Batch batch, int count, ImportFile file, String place) {
    int logits = elements(batch.need(names.logits()));
    int ids = elements(batch.need(names.ids()));
    if (count == 0 || logits != ids || logits % count != 0) {
      throw DataException.of(
          "%s, %s: %d logits and %d ids for %d tokens; need as many of each for every token",
          file.path(), place, logits, ids, count);
    }
    return logits / count;
  }

  private void fill(Batch batch, int from, int to, int k, SourceSequence sequence) {
    Tensor tokens = batch.need(names.tokens());
    Tensor logits = batch.need(names.logits());
    Tensor ids = batch.need(names.ids());
    Tensor segments = batch.find(names.segments());
    int end = to;
    while (end > from && segment(segments, end - 1) == 0) {
      end--; // Padding behind the text.
    }
    for (int i = from; i < end; i++) {
      sequence.token(integer(tokens, i, sequence), segment(segments, i));
    }
    for (int i = from; i < end; i++) {
      sequence.row();
      for (int e = i * k; e < (i + 1) * k; e++) {
        sequence.entry(integer(ids, e, sequence), (float) logits.number(flat(logits, e)));
      }
    }
  }

  private static int segment(@Nullable Tensor segments, int index) {
    return segments == null ? 1 : (int) segments.integer(flat(segments, index));
  }

  private static int integer(Tensor array, int index, SourceSequence sequence) {
    long value = array.isFloat() ? -1 : array.integer(flat(array, index));
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw sequence.wrong("element %d is %d, need an id of 31 bits", index, value);
    }
    return (int) value;
  }

  /** Returns the index of an element by its number in the order of the last axis first. */
  private static int flat(Tensor array, int number) {
    long index = array.offset();
    int rest = number;
    for (int axis = array.shape().length - 1; axis >= 0; axis--) {
      index += rest % array.shape()[axis] * array.strides()[axis];
      rest /= array.shape()[axis];
    }
    return (int) index;
  }
}

package dev.stillhouse.pipeline.formats.fields;

import com.github.luben.zstd.ZstdInputStream;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.storage.UsageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Files of JSON objects, one a sequence. */
final class MappedSource implements ImportSource {
  private static final ImmutableMap<String, Double> SHARES =
      ImmutableMap.of(
          "float32", 0.0, "float16", SourceFacts.FLOAT16, "bfloat16", SourceFacts.BFLOAT16);

  private final ImmutableList<ImportFile> files;
  private final FieldMap fields;
  private final boolean idFirst;
  private final Field values;
  private final SourceFacts facts;

  MappedSource(MappedFormat format, ImportSettings settings, ImmutableList<ImportFile> files) {
    this.files = files;
    this.fields = FieldMap.of(settings, format.defaults());
    this.idFirst = pair(settings.get("pair", "log_prob,id"));
    String rounding = settings.get("rounding", "float32");
    Double share = SHARES.get(rounding);
    if (share == null) {
      throw UsageException.of("--set rounding=%s: need one of %s", rounding, SHARES.keySet());
    }
    settings.end(format.name(), FieldMap.KNOWN);
    this.values = values(fields);
    this.facts =
        new SourceFacts(
            format.alignment().map(settings::alignmentOr).orElseGet(settings::alignment),
            values == Field.LOGITS,
            0,
            share,
            format.overKept(),
            true,
            settings.canonical());
  }

  /** Returns which field the values are in. */
  private static Field values(FieldMap fields) {
    if (fields.needed().containsKey(Field.PROBS)) {
      return Field.PROBS;
    }
    return fields.needed().containsKey(Field.LOGITS) ? Field.LOGITS : Field.LOG_PROBS;
  }

  private static boolean pair(String order) {
    return switch (order) {
      case "log_prob,id" -> false;
      case "id,log_prob" -> true;
      default -> throw UsageException.of("--set pair=%s: need log_prob,id or id,log_prob", order);
    };
  }

  @Override
  public SourceFacts facts() {
    return facts;
  }

  @Override
  public void read(SequenceSink sink) {
    SourceSequence sequence = new SourceSequence();
    for (ImportFile file : files) {
      if (file.name().endsWith(".parquet")) {
        try (SequenceRows rows = new SequenceRows(file, fields)) {
          read(file, rows, sequence, sink);
        }
      } else {
        try (SequenceJson json = new SequenceJson(file, inflated(file), fields, idFirst)) {
          read(file, json, sequence, sink);
        }
      }
      file.checkLength();
    }
  }

  private void read(ImportFile file, FieldValues from, SourceSequence sequence, SequenceSink sink) {
    while (from.next()) {
      sequence.begin(file, from.document(), from.place());
      fill(from, sequence);
      sink.accept(sequence);
    }
  }

  private static InputStream inflated(ImportFile file) {
    InputStream in = new BufferedInputStream(file.open(), 1 << 16);
    try {
      String name = file.name();
      if (name.endsWith(".gz")) {
        return new GZIPInputStream(in, 1 << 16);
      }
      return name.endsWith(".zst") ? new ZstdInputStream(in) : in;
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private void fill(FieldValues json, SourceSequence to) {
    int padding = tokens(json, to);
    boolean lists = json.has(Field.IDS) || json.has(values);
    if (lists && json.has(Field.ENTRIES)) {
      throw json.wrong("has both ids and entries; --set entries=- leaves one out");
    }
    if (lists && (!json.has(Field.IDS) || !json.has(values))) {
      throw json.wrong("has only one of ids and %s, need both", values.word());
    }
    Numbers ids = lists ? json.numbers(Field.IDS) : json.entryIds();
    Numbers logProbs = json.numbers(lists ? values : Field.ENTRIES);
    boolean any = lists || json.has(Field.ENTRIES);
    if (!any && !json.has(Field.TARGET_LOG_PROB)) {
      throw json.wrong(
          "has no statistics: neither ids and %s nor entries nor target_log_prob", values.word());
    }
    int rows = any ? ids.rows() : json.numbers(Field.TARGET_LOG_PROB).all();
    if (any && ids.rows() != logProbs.rows()) {
      throw json.wrong(
          "has %d rows of ids and %d of %s", ids.rows(), logProbs.rows(), values.word());
    }
    for (int row = 0; row < rows - padding; row++) {
      to.row();
      if (any) {
        entries(json, ids, logProbs, row, to);
      }
      to.tail(scalar(json, Field.LOG_TAIL, rows, row));
      to.entropy(scalar(json, Field.ENTROPY, rows, row));
      to.normaliser(scalar(json, Field.LOG_NORMALISER, rows, row));
      to.target(scalar(json, Field.TARGET_LOG_PROB, rows, row));
    }
  }

  /** Adds the tokens; returns the number of those that are padding. */
  private static int tokens(FieldValues json, SourceSequence to) {
    Numbers tokens = json.numbers(Field.TOKENS);
    int n = tokens.all();
    if (json.has(Field.PROMPT)) {
      Numbers prompt = json.numbers(Field.PROMPT);
      for (int i = 0; i < prompt.all(); i++) {
        to.token((int) prompt.get(i));
      }
    }
    Numbers segments = json.numbers(Field.SEGMENTS);
    Numbers mask = json.numbers(Field.MASK);
    same(json, Field.SEGMENTS, segments, n);
    same(json, Field.MASK, mask, n);
    if (json.has(Field.MASK)) {
      while (n > 0 && mask.get(n - 1) == 0) {
        n--; // Padding behind the text.
      }
    }
    for (int i = 0; i < n; i++) {
      if (json.has(Field.MASK) && mask.get(i) == 0) {
        throw json.wrong(
            "field 'mask' is 0 at %d, before the text's end; padding must be behind the text", i);
      }
      if (json.has(Field.SEGMENTS)) {
        to.token((int) tokens.get(i), (int) segments.get(i));
      } else {
        to.token((int) tokens.get(i));
      }
    }
    return tokens.all() - n;
  }

  private static void same(FieldValues json, Field field, Numbers numbers, int tokens) {
    if (json.has(field) && numbers.all() != tokens) {
      throw json.wrong(
          "field '%s' has %d numbers for %d tokens", field.word(), numbers.all(), tokens);
    }
  }

  private void entries(
      FieldValues json, Numbers ids, Numbers logProbs, int row, SourceSequence to) {
    int count = ids.to(row) - ids.from(row);
    if (logProbs.to(row) - logProbs.from(row) != count) {
      throw json.wrong(
          "row %d has %d ids and %d values", row, count, logProbs.to(row) - logProbs.from(row));
    }
    boolean masked = json.has(Field.ENTRY_MASK);
    Numbers mask = json.numbers(Field.ENTRY_MASK);
    if (masked && (mask.rows() != ids.rows() || mask.to(row) - mask.from(row) != count)) {
      throw json.wrong("row %d has %d ids, and its entry_mask is not as long", row, count);
    }
    for (int i = 0; i < count; i++) {
      if (masked && mask.get(mask.from(row) + i) == 0) {
        continue;
      }
      double value = logProbs.get(logProbs.from(row) + i);
      if (values == Field.PROBS && ids == json.numbers(Field.IDS)) {
        if (!(value >= 0 && value <= 1 + 1e-6)) {
          throw json.wrong("row %d has the probability %s, need 0 to 1", row, value);
        }
        value = StrictMath.log(value);
      }
      to.entry((int) ids.get(ids.from(row) + i), (float) value);
    }
  }

  private static float scalar(FieldValues json, Field field, int rows, int row) {
    if (!json.has(field)) {
      return Float.NaN;
    }
    Numbers numbers = json.numbers(field);
    if (numbers.all() != rows) {
      throw json.wrong("field '%s' has %d numbers for %d rows", field.word(), numbers.all(), rows);
    }
    return (float) numbers.get(row);
  }
}

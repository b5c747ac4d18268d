package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The requests of both forms, and the columns of their answers. */
final class Columns {
  static final String ITEM = "item";
  static final String ROW = "row";
  static final String TOKEN = "token";
  static final String ENTRIES = "entries";
  static final String LOGITS = "logits";
  static final ImmutableList<String> SCALARS =
      ImmutableList.of("log_tail", "entropy", "log_normaliser", "target_log_prob");

  private static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

  private Columns() {}

  /** Returns the request of whole rows. */
  static byte[] dense(String type) {
    return json(ImmutableMap.of("v", ServerInfo.VERSION, "form", "dense", "type", type));
  }

  /** Returns the columns of whole rows. */
  static Schema dense(int rowBytes) {
    return new Schema(
        List.of(
            Field.nullable(ROW, INT32),
            Field.nullable(TOKEN, INT32),
            Field.nullable(LOGITS, new ArrowType.FixedSizeBinary(rowBytes))));
  }

  /** Returns the request of a statistic. */
  static byte[] reduced(Selection selection) {
    StatisticSpec spec = selection.spec();
    ImmutableMap.Builder<String, Object> fields = ImmutableMap.builder();
    fields
        .put("v", ServerInfo.VERSION)
        .put("form", "reduced")
        .put("vocabulary", selection.vocabulary());
    fields.put("topK", spec.topK()).put("target", spec.target());
    fields.put("reasons", spec.hasReasons()).put("forced", selection.forced().asList());
    fields.put("normalisersAt", spec.normalisersAt());
    spec.topP()
        .ifPresent(p -> fields.put("topP", ImmutableMap.of("mass", p.mass(), "max", p.max())));
    spec.sample()
        .ifPresent(
            s ->
                fields.put(
                    "sample",
                    ImmutableMap.of(
                        "draws", s.draws(), "temperature", s.temperature(), "seed", s.seed())));
    return json(fields.buildOrThrow());
  }

  /** Returns the columns of a statistic. */
  static Schema reduced(StatisticSpec spec) {
    ImmutableList.Builder<Field> entry = ImmutableList.builder();
    entry.add(Field.nullable("id", INT32), Field.nullable("log_prob", FLOAT));
    if (spec.hasReasons()) {
      entry.add(Field.nullable("reasons", new ArrowType.Int(8, true)));
    }
    if (spec.hasCounts()) {
      entry.add(Field.nullable("count", INT32));
    }
    if (spec.hasProposals()) {
      entry.add(Field.nullable("log_proposal", FLOAT));
    }
    Field item = new Field(ITEM, FieldType.nullable(ArrowType.Struct.INSTANCE), entry.build());
    ImmutableList.Builder<Field> fields = ImmutableList.builder();
    fields.add(Field.nullable(ROW, INT32), Field.nullable(TOKEN, INT32));
    fields.add(new Field(ENTRIES, FieldType.nullable(ArrowType.List.INSTANCE), List.of(item)));
    SCALARS.forEach(name -> fields.add(Field.nullable(name, FLOAT)));
    for (int i = 0; i < spec.furtherScalars().size(); i++) {
      fields.add(Field.nullable(further(i), FLOAT));
    }
    return new Schema(fields.build());
  }

  /** Returns the name of a column of the numbers that only some statistics have. */
  static String further(int index) {
    return "further_" + index;
  }

  private static byte[] json(Object value) {
    return Json.line(value).getBytes(StandardCharsets.UTF_8);
  }
}

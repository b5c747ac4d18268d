package dev.stillhouse.pipeline.formats;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.parquet.RowFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Files of Axolotl, slime and Arcee, written by the descriptions of these formats. */
final class ColumnFixtures {
  private static final int ROWS_PER_GROUP = 3;

  private ColumnFixtures() {}

  /**
   * Writes Axolotl's columns: a row describes its own token, a masked entry is none, and two slots
   * of padding lie behind the text.
   */
  static Path axolotl(Path file, List<ToolSequence> kept) throws IOException {
    MessageType schema =
        new MessageType(
            "rows",
            Fields.list("input_ids", Fields.element(INT32)),
            Fields.list("attention_mask", Fields.element(INT32)),
            Fields.list("labels", Fields.element(INT32)),
            Fields.list("target_token_ids", Fields.list("element", Fields.element(INT32))),
            Fields.list("target_logprobs", Fields.list("element", Fields.element(FLOAT))),
            Fields.list("target_mask", Fields.list("element", Fields.element(INT32))));
    return write(
        file,
        schema,
        kept,
        (one, out) -> {
          int text = one.tokens().length;
          int slots = text + 2;
          int k = one.ids()[0].length;
          ints(out, "input_ids", 0, slots, i -> i < text ? one.tokens()[i] : 0);
          ints(out, "attention_mask", 1, slots, i -> i < text ? 1 : 0);
          ints(out, "labels", 2, slots, i -> i > 0 && i < text ? one.tokens()[i] : -100);
          rows(
              out,
              "target_token_ids",
              3,
              slots,
              k,
              (i, e) -> Fields.integer(out, "element", 0, has(text, i) ? one.ids()[i - 1][e] : e));
          rows(
              out,
              "target_logprobs",
              4,
              slots,
              k,
              (i, e) ->
                  Fields.real(
                      out,
                      "element",
                      0,
                      has(text, i) ? one.logProbs()[i - 1][e] : Float.NEGATIVE_INFINITY));
          rows(
              out,
              "target_mask",
              5,
              slots,
              k,
              (i, e) -> Fields.integer(out, "element", 0, has(text, i) ? 1 : 0));
        });
  }

  private static boolean has(int text, int slot) {
    return slot > 0 && slot < text;
  }

  /** Writes Arcee's columns: the largest logits, which are known up to a number. */
  static Path arcee(Path file, List<ToolSequence> kept) throws IOException {
    MessageType schema =
        new MessageType(
            "rows",
            Fields.list("input_ids", Fields.element(INT32)),
            Fields.list("token_ids", Fields.list("element", Fields.element(INT32))),
            Fields.list("top_values", Fields.list("element", Fields.element(FLOAT))));
    return write(
        file,
        schema,
        kept,
        (one, out) -> {
          int slots = one.tokens().length;
          int k = one.ids()[0].length;
          ints(out, "input_ids", 0, slots, i -> one.tokens()[i]);
          rows(
              out,
              "token_ids",
              1,
              slots,
              k,
              (i, e) -> Fields.integer(out, "element", 0, one.ids()[i][e]));
          rows(
              out,
              "top_values",
              2,
              slots,
              k,
              (i, e) -> Fields.real(out, "element", 0, one.logProbs()[i][e] + 7));
        });
  }

  /** Writes slime's rollouts: the teacher's log-prob of each token of the response alone. */
  static Path slime(Path file, List<ToolSequence> kept) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ToolSequence one : kept) {
      int response = 0;
      while (response < one.ids().length && one.ids()[response].length == 0) {
        response++;
      }
      float[] logProbs = new float[one.tokens().length - 1 - response];
      for (int i = 0; i < logProbs.length; i++) {
        logProbs[i] = one.logProbs()[response + i][0];
      }
      text.append("{\"prompt\":\"p\",\"tokens\":").append(Arrays.toString(one.tokens()));
      text.append(",\"response_length\":").append(logProbs.length);
      text.append(",\"teacher_log_probs\":").append(Arrays.toString(logProbs)).append("}\n");
    }
    return Files.writeString(file, text);
  }

  private interface Integers {
    int at(int index);
  }

  private interface Entry {
    void write(int slot, int entry);
  }

  private static void ints(RecordConsumer out, String name, int field, int count, Integers from) {
    Fields.list(out, name, field, 0, count, i -> Fields.integer(out, "element", 0, from.at(i)));
  }

  private static void rows(
      RecordConsumer out, String name, int field, int slots, int k, Entry entry) {
    Fields.list(
        out,
        name,
        field,
        0,
        slots,
        i -> {
          out.startField("element", 0);
          Fields.elements(out, 0, k, e -> entry.write(i, e));
          out.endField("element", 0);
        });
  }

  /** Writes a Parquet file of sequences. */
  static Path write(
      Path file,
      MessageType schema,
      List<ToolSequence> kept,
      BiConsumer<ToolSequence, RecordConsumer> row)
      throws IOException {
    Files.deleteIfExists(file);
    try (RowFileWriter<ToolSequence> writer =
        new RowFileWriter<>(
            file,
            new RowFileWriter.Shape(schema, Map.of(), ROWS_PER_GROUP, Set.of()),
            (one, index, out) -> row.accept(one, out))) {
      for (ToolSequence one : kept) {
        writer.write(one, 0);
      }
      var unused = writer.finish();
    }
    return file;
  }
}

package dev.stillhouse.pipeline.formats.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes an object a line. */
final class JsonExportWriter implements ExportWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  /** Writes the lines of one row. */
  interface Lines {
    int write(JsonGenerator out, StatisticsBatch batch, int row) throws IOException;
  }

  private final JsonGenerator out;
  private final Lines lines;

  JsonExportWriter(Path file, Lines lines) throws IOException {
    this.lines = lines;
    this.out =
        JSON.createGenerator(
                new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16))
            .setRootValueSeparator(null);
  }

  @Override
  public int write(StatisticsBatch batch, int row) throws IOException {
    return lines.write(out, batch, row);
  }

  /** Ends an object and its line. */
  static void endLine(JsonGenerator out) throws IOException {
    out.writeEndObject();
    out.writeRaw('\n');
  }

  /** Writes a list of ids. */
  static void ints(JsonGenerator out, String name, int[] values, int from, int end)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (int i = from; i < end; i++) {
      out.writeNumber(values[i]);
    }
    out.writeEndArray();
  }

  /** Writes a list of numbers, with null for NaN. */
  static void floats(JsonGenerator out, String name, float[] values, int from, int end)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (int i = from; i < end; i++) {
      number(out, values[i]);
    }
    out.writeEndArray();
  }

  /** Writes the ids of each slot's entries. */
  static void ids(JsonGenerator out, String name, StatisticsBatch batch, int from, int end)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (int slot = from; slot < end; slot++) {
      out.writeStartArray();
      for (int e = batch.offsets()[slot]; e < batch.offsets()[slot + 1]; e++) {
        out.writeNumber(batch.ids()[e]);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  /** Writes the log-probs of each slot's entries. */
  static void logProbs(JsonGenerator out, String name, StatisticsBatch batch, int from, int end)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (int slot = from; slot < end; slot++) {
      out.writeStartArray();
      for (int e = batch.offsets()[slot]; e < batch.offsets()[slot + 1]; e++) {
        number(out, batch.logProbs()[e]);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  private static void number(JsonGenerator out, float value) throws IOException {
    if (Float.isNaN(value)) {
      out.writeNull();
    } else {
      out.writeNumber(value); // -Infinity as Python reads it.
    }
  }

  @Override
  public void finish() throws IOException {
    out.close();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

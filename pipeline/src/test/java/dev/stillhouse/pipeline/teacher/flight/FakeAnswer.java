package dev.stillhouse.pipeline.teacher.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.extract.PlainExtractor;
import dev.stillhouse.pipeline.extract.RowStatistic;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Schema;

/** The right answer of a call, and the ways to spoil it. */
final class FakeAnswer implements AutoCloseable {
  /** Changes columns before they are sent. */
  interface Spoiled {
    void change(VectorSchemaRoot root);
  }

  final List<FakeServer.Row> rows;
  final JsonNode asked;
  final ServerStreamListener writer;
  private final VectorSchemaRoot root;
  private final StatisticSpec spec;
  private final Selection selection;
  private final boolean dense;
  private Spoiled spoiled = changed -> {};
  private boolean started;

  FakeAnswer(
      String command,
      List<FakeServer.Row> rows,
      Map<String, Object> hello,
      ServerStreamListener writer,
      BufferAllocator allocator) {
    this.rows = rows;
    this.writer = writer;
    this.asked = Json.parse("request", command.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    this.dense = asked.get("form").asText().equals("dense");
    List<Integer> forced = new ArrayList<>();
    asked.path("forced").forEach(id -> forced.add(id.asInt()));
    this.spec = dense ? StatisticSpec.ofTopK(1) : spec(asked, !forced.isEmpty());
    this.selection =
        new Selection(
            dense ? HashModel.V : asked.get("vocabulary").asInt(),
            spec,
            ImmutableIntArray.copyOf(forced));
    Schema schema = dense ? Columns.dense(HashModel.V * Float.BYTES) : Columns.reduced(spec);
    Map<String, String> metadata =
        dense
            ? Map.of(
                "fingerprint", "" + hello.get("fingerprint"), "form", "dense", "type", "float32")
            : Map.of(
                "fingerprint",
                "" + hello.get("fingerprint"),
                "form",
                "reduced",
                "arithmetic",
                "plain");
    this.root = VectorSchemaRoot.create(new Schema(schema.getFields(), metadata), allocator);
  }

  private static StatisticSpec spec(JsonNode asked, boolean forced) {
    List<String> parts = new ArrayList<>();
    if (asked.get("topK").asInt() > 0) {
      parts.add("top-k:" + asked.get("topK").asInt());
    }
    if (asked.has("topP")) {
      parts.add("top-p:" + asked.get("topP").get("mass") + ",max=" + asked.get("topP").get("max"));
    }
    if (asked.has("sample")) {
      JsonNode sample = asked.get("sample");
      parts.add(
          "sample:"
              + sample.get("draws")
              + ",temperature="
              + sample.get("temperature")
              + ",seed="
              + sample.get("seed"));
    }
    if (forced) {
      parts.add("forced:ids");
    }
    if (asked.get("target").asBoolean()) {
      parts.add("target");
    }
    List<String> temperatures = new ArrayList<>();
    asked.get("normalisersAt").forEach(at -> temperatures.add(at.asText()));
    if (!temperatures.isEmpty()) {
      parts.add("normaliser-at:" + String.join(",", temperatures));
    }
    return StatisticSpec.parse(String.join("+", parts));
  }

  FakeAnswer spoil(Spoiled change) {
    spoiled = change;
    return this;
  }

  /** Sends all rows and ends the call. */
  void sendAll() {
    send(0, rows.size());
    writer.completed();
  }

  /** Sends some rows. */
  void send(int begin, int end) {
    if (!started) {
      started = true;
      writer.start(root);
    }
    root.allocateNew();
    ints(Columns.ROW, begin, end, true);
    ints(Columns.TOKEN, begin, end, false);
    if (dense) {
      logits(begin, end);
    } else {
      statistics(begin, end);
    }
    root.setRowCount(end - begin);
    spoiled.change(root);
    writer.putNext();
  }

  private void ints(String name, int begin, int end, boolean numbers) {
    IntVector vector = (IntVector) root.getVector(name);
    for (int i = begin; i < end; i++) {
      vector.setSafe(i - begin, numbers ? rows.get(i).number() : rows.get(i).token());
    }
  }

  private void logits(int begin, int end) {
    FixedSizeBinaryVector vector = (FixedSizeBinaryVector) root.getVector(Columns.LOGITS);
    for (int i = begin; i < end; i++) {
      ByteBuffer bytes =
          ByteBuffer.allocate(HashModel.V * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(rows.get(i).logits());
      vector.setSafe(i - begin, bytes.array());
    }
  }

  private void statistics(int begin, int end) {
    PlainExtractor extractor = new PlainExtractor(selection);
    RowStatistic row = new RowStatistic(selection);
    ListVector lists = (ListVector) root.getVector(Columns.ENTRIES);
    StructVector entry = (StructVector) lists.getDataVector();
    int at = 0;
    for (int i = begin; i < end; i++) {
      FakeServer.Row asking = rows.get(i);
      extractor.extract(
          LogitBuffer.float32(asking.logits()),
          0,
          asking.target(),
          asking.sequence(),
          asking.position(),
          row);
      lists.startNewValue(i - begin);
      for (int e = 0; e < row.count; e++, at++) {
        entry.setIndexDefined(at);
        ((IntVector) entry.getChild("id")).setSafe(at, row.ids[e]);
        ((Float4Vector) entry.getChild("log_prob")).setSafe(at, row.logProbs[e]);
        if (spec.hasReasons()) {
          ((TinyIntVector) entry.getChild("reasons")).setSafe(at, row.provenance.reasons()[e]);
        }
        if (spec.hasCounts()) {
          ((IntVector) entry.getChild("count")).setSafe(at, row.provenance.counts()[e]);
        }
        if (spec.hasProposals()) {
          ((Float4Vector) entry.getChild("log_proposal"))
              .setSafe(at, row.provenance.logProposals()[e]);
        }
      }
      lists.endValue(i - begin, row.count);
      float[] scalars = {row.logTail, row.entropy, row.logNormaliser, row.targetLogProb};
      List<FieldVector> vectors = root.getFieldVectors();
      for (int s = 0; s < 4 + row.further.length; s++) {
        float value = s < 4 ? scalars[s] : row.further[s - 4];
        ((Float4Vector) vectors.get(3 + s)).setSafe(i - begin, value);
      }
    }
    entry.setValueCount(at);
  }

  @Override
  public void close() {
    root.close();
  }
}

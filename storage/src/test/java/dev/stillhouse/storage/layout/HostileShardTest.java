package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowFileWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.TokenColumns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer that means harm: checksums hold, columns are not what the header says. */
class HostileShardTest {
  private static final int ROWS = 5;
  private static final int LENGTH = 20;
  private static final StatisticSpec SPEC =
      StatisticSpec.parse("top-k:4+sample:9,temperature=2.0+normaliser-at:2.0");

  @TempDir Path directory = Path.of("unset");

  /** Writes a value of entry {@code e}. */
  private interface Value {
    void write(RecordConsumer out, int e);
  }

  /**
   * How one of the columns is not as it must be.
   *
   * @param more entries that its slot 33 has more than others
   */
  private record Harm(EntryColumn column, int more, Optional<Type> type, Optional<Value> value) {
    static Harm none() {
      return lists(EntryColumn.ID, 0);
    }

    static Harm lists(EntryColumn column, int more) {
      return new Harm(column, more, Optional.empty(), Optional.empty());
    }

    static Harm values(EntryColumn column, Type type, Value value) {
      return new Harm(column, 0, Optional.of(type), Optional.of(value));
    }
  }

  @Test
  void withoutHarmItIsRead() throws IOException {
    StatisticsBatch batch = batch();
    StatisticsBatch read = columns(batch, Harm.none(), "");
    assertArrayEquals(batch.offsets(), read.offsets());
  }

  @ParameterizedTest
  @EnumSource(EntryColumn.class)
  void listsOfOtherLengthsAreNamed(EntryColumn bad) {
    for (int more : new int[] {-1, 1}) {
      String reason = refused(Harm.lists(bad, more), "");
      assertTrue(reason.contains("row 1 of those read: list 13 has "), reason);
      // Ids come first: where they are wrong, what comes next is not like them.
      String column = bad == EntryColumn.ID ? "log_probs" : name(bad);
      assertTrue(reason.contains("column " + column), reason);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ids", "log_probs", "reasons", "counts", "log_proposals", "normaliser_at_2.0"})
  void columnsThatAreMissingAreNamed(String missing) {
    String reason = refused(Harm.none(), missing);
    assertTrue(reason.contains("it has no column " + missing + ".list"), reason);
  }

  @ParameterizedTest
  @EnumSource(EntryColumn.class)
  void columnsOfOtherTypesAreRefused(EntryColumn bad) {
    Value value =
        (out, e) -> {
          out.startField("element", 0);
          out.addLong(e);
          out.endField("element", 0);
        };
    refused(Harm.values(bad, Fields.element(PrimitiveTypeName.INT64), value), "");
  }

  @ParameterizedTest
  @EnumSource(EntryColumn.class)
  void entriesMayNotBeNull(EntryColumn bad) {
    Type type =
        Fields.optionalElement(bad.type("element").asPrimitiveType().getPrimitiveTypeName());
    String reason = refused(Harm.values(bad, type, (out, e) -> {}), "");
    assertTrue(reason.contains("may be null"), reason);
  }

  @Test
  void reasonsThatAreNoByteAreRefused() {
    Type type = Fields.element(PrimitiveTypeName.INT32);
    Value value = (out, e) -> Fields.integer(out, "element", 0, 257);
    String reason = refused(Harm.values(EntryColumn.REASONS, type, value), "");
    assertTrue(reason.contains("257"), reason);
  }

  private static String name(EntryColumn column) {
    return switch (column) {
      case ID -> "ids";
      case LOG_PROB -> "log_probs";
      case REASONS -> "reasons";
      case COUNT -> "counts";
      case LOG_PROPOSAL -> "log_proposals";
    };
  }

  private String refused(Harm harm, String missing) {
    DamagedBlobException error =
        assertThrows(DamagedBlobException.class, () -> columns(batch(), harm, missing));
    assertEquals("blob", error.blob());
    return error.reason();
  }

  private static StatisticsBatch batch() {
    Random random = new Random(2);
    TokenBatch tokens = SampleBatches.tokens(random, 0, ROWS, LENGTH, 100);
    return SampleBatches.statistics(random, tokens, 4, 100, SPEC);
  }

  /** Writes what {@code columns} has, but with harm and a column missing; reads what comes out. */
  private StatisticsBatch columns(StatisticsBatch batch, Harm harm, String missing)
      throws IOException {
    var types = ImmutableList.<Type>builder().addAll(TokenColumns.types());
    for (EntryColumn column : EntryColumn.values()) {
      Type right = column.type("element");
      Type element = column == harm.column() ? harm.type().orElse(right) : right;
      types.add(Fields.list(name(column), Fields.list("element", element)));
    }
    types.addAll(CommonColumns.scalarTypes(SPEC));
    List<Type> left = types.build().stream().filter(t -> !t.getName().equals(missing)).toList();
    ShardHeader header =
        new ShardHeader("columns", SPEC.toString(), "a", "t", "t", 100, 0, ROWS, LENGTH);
    Path file = directory.resolve(UUID.randomUUID() + ".parquet");
    RowFileWriter.Shape shape =
        new RowFileWriter.Shape(
            new MessageType("columns", left), header.toMetadata(), 2, ImmutableSet.of());
    SealedFile sealed;
    try (RowFileWriter<StatisticsBatch> writer =
        new RowFileWriter<>(file, shape, (b, row, out) -> encode(b, row, out, harm, missing))) {
      for (int row = 0; row < ROWS; row++) {
        writer.write(batch, row);
      }
      sealed = writer.finish();
    }
    return read(Files.readAllBytes(file), sealed);
  }

  private static void encode(
      StatisticsBatch batch, int row, RecordConsumer out, Harm harm, String missing) {
    TokenColumns.write(out, batch.tokens(), row);
    int from = row * LENGTH;
    int field = 4;
    for (EntryColumn column : EntryColumn.values()) {
      if (!name(column).equals(missing)) {
        entries(batch, from, out, column, field++, column == harm.column() ? harm : Harm.none());
      }
    }
    for (ScalarColumn scalar : ScalarColumn.of(SPEC)) {
      if (!scalar.name().equals(missing)) {
        float[] values = scalar.values().apply(batch);
        Fields.floats(out, scalar.name(), field++, values, from, from + LENGTH);
      }
    }
  }

  private static void entries(
      StatisticsBatch batch,
      int from,
      RecordConsumer out,
      EntryColumn column,
      int field,
      Harm harm) {
    Value right = (to, e) -> column.write(to, "element", 0, batch, e);
    Value value = harm.value().orElse(right);
    Fields.list(
        out,
        name(column),
        field,
        from,
        from + LENGTH,
        slot -> {
          int end = batch.offsets()[slot + 1] + (slot == 33 ? harm.more() : 0);
          out.startField("element", 0);
          Fields.elements(out, batch.offsets()[slot], end, e -> value.write(out, e));
          out.endField("element", 0);
        });
  }

  private static StatisticsBatch read(byte[] bytes, SealedFile sealed) {
    ByteRange tail = Footer.range("blob", bytes.length, sealed.footerBytes());
    Footer footer = Footer.parse("blob", bytes.length, slice(bytes, tail), sealed.footerCrc32c());
    ShardReader reader = Layouts.reader(footer);
    List<ByteBuffer> fetched =
        reader.ranges(0, ROWS, Projection.ALL).stream().map(range -> slice(bytes, range)).toList();
    return reader.decode(0, ROWS, Projection.ALL, fetched);
  }

  private static ByteBuffer slice(byte[] bytes, ByteRange range) {
    return ByteBuffer.wrap(bytes, (int) range.offset(), range.length()).slice();
  }
}

package dev.stillhouse.storage.layout.pages;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ScalarColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.RowFingerprint;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of a shard whose pages are values of whole sequences, in the order of the file: those
 * of every position, then the layout's own columns of entries, then the provenance of entries.
 */
public final class PageSchema {
  static final int NUMBER = 0;
  static final int FINGERPRINT = 1;
  static final int TOKENS = 2;
  static final int SEGMENTS = 3;
  static final int SCALARS = 4;

  private static final int TWO_BYTES = 1 << 16;

  private final String layout;
  private final int vocabulary;
  private final ImmutableList<ScalarColumn> scalars;
  private final ImmutableList<String> names;
  private final int kept;
  private final Map<EntryColumn, Integer> provenance = new EnumMap<>(EntryColumn.class);

  /**
   * Creates the columns of a layout.
   *
   * @param own names of its columns of entries
   */
  public PageSchema(String layout, ShardHeader header, List<String> own) {
    StatisticSpec spec = header.spec();
    this.layout = layout;
    this.vocabulary = header.vocabulary();
    this.scalars = ScalarColumn.of(spec);
    List<String> all = new ArrayList<>(List.of("sequence", "fingerprint", "tokens", "segments"));
    scalars.forEach(scalar -> all.add(scalar.name()));
    this.kept = all.size();
    all.add("kept");
    all.addAll(own);
    for (EntryColumn column : EntryColumn.of(spec)) {
      if (column.provenance()) {
        provenance.put(column, all.size());
        all.add(provenanceName(column));
      }
    }
    this.names = ImmutableList.copyOf(all);
  }

  private static String provenanceName(EntryColumn column) {
    return switch (column) {
      case REASONS -> "reasons";
      case COUNT -> "counts";
      case LOG_PROPOSAL -> "log_proposals";
      case ID, LOG_PROB -> throw new IllegalArgumentException(column + " has the layout's columns");
    };
  }

  /** Returns the columns as a Parquet schema. */
  public MessageType type() {
    List<Type> types = new ArrayList<>();
    types.add(Types.required(INT64).named(names.get(NUMBER)));
    types.add(
        Types.required(FIXED_LEN_BYTE_ARRAY)
            .length(RowFingerprint.BYTES)
            .named(names.get(FINGERPRINT)));
    for (String name : names.subList(TOKENS, names.size())) {
      types.add(Types.required(BINARY).named(name));
    }
    return new MessageType(layout, types);
  }

  /**
   * Returns the indexes of the columns that a projection reads, ascending.
   *
   * @param own indexes of the layout's own columns that it reads
   */
  public int[] columns(Projection projection, IntStream own) {
    IntStream.Builder columns = IntStream.builder();
    IntStream.range(0, SCALARS).forEach(columns);
    for (int i = 0; i < scalars.size(); i++) {
      if (projection.has(scalars.get(i).column())) {
        columns.add(SCALARS + i);
      }
    }
    if (projection.entries()) {
      columns.add(kept);
      own.forEach(columns);
      for (EntryColumn column : EntryColumn.values()) {
        columns.add(column.provenance() && column.readBy(projection) ? provenance(column) : -1);
      }
    }
    return columns.build().filter(column -> column >= 0).sorted().toArray();
  }

  ImmutableList<ScalarColumn> scalars() {
    return scalars;
  }

  /** Returns the column of the number of entries of each position. */
  public int kept() {
    return kept;
  }

  /** Returns the layout's first own column. */
  public int own() {
    return kept + 1;
  }

  /** Returns the bytes of a token. */
  int tokenBytes() {
    return vocabulary <= TWO_BYTES ? 2 : 3;
  }

  /** Returns the column of a value of provenance, or -1. */
  int provenance(EntryColumn column) {
    return provenance.getOrDefault(column, -1);
  }
}

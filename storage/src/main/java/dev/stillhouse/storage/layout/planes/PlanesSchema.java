package dev.stillhouse.storage.layout.planes;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.ScalarColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.layout.Wanted.Column;
import dev.stillhouse.storage.statistics.RowFingerprint;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of generation 3, in the order in which they lie in the file: what is read together
 * stands together, so that the 8 best entries are a prefix of a row.
 */
final class PlanesSchema {
  static final int NUMBER = 0;
  static final int FINGERPRINT = 1;
  static final int TOKENS = 2;
  static final int SEGMENTS = 3;
  static final int SCALARS = 4;

  private static final int[] FIRST_RANKS = {0, 8, 32};
  private static final int LOW_BITS = 16;

  private final ImmutableList<ScalarColumn> scalars;
  private final List<String> names = new ArrayList<>();
  private final ImmutableList<Band> bands;
  private final int topBits;
  private final int kept;
  private final int escapes;
  private final Map<EntryColumn, Integer> provenance = new EnumMap<>(EntryColumn.class);

  PlanesSchema(ShardHeader header) {
    StatisticSpec spec = header.spec();
    this.topBits = topBits(header.vocabulary());
    this.scalars = ScalarColumn.of(spec);
    names.addAll(List.of("sequence", "fingerprint", "tokens", "segments"));
    scalars.forEach(scalar -> names.add(scalar.name()));
    this.kept = column("kept");
    this.escapes = column("escapes");
    int[] first = Arrays.stream(FIRST_RANKS).filter(rank -> rank < most(spec)).toArray();
    int[] columns = new int[first.length];
    int[] low = new int[first.length];
    for (int i = 0; i < first.length; i++) {
      columns[i] = names.size();
      String ids = "ids_" + first[i];
      names.addAll(List.of(ids + "_low", ids + "_high"));
      names.addAll(topBits > 0 ? List.of(ids + "_top") : List.of());
      column("log_probs_" + first[i] + "_high");
      low[i] = i == 0 ? column("log_probs_0_low") : -1;
    }
    for (int i = 1; i < first.length; i++) {
      low[i] = column("log_probs_" + first[i] + "_low");
    }
    var built = ImmutableList.<Band>builder();
    for (int i = 0; i < first.length; i++) {
      int end = i + 1 < first.length ? first[i + 1] : Integer.MAX_VALUE;
      int top = topBits > 0 ? columns[i] + 2 : -1;
      int high = columns[i] + (topBits > 0 ? 3 : 2);
      built.add(new Band(first[i], end, columns[i], columns[i] + 1, top, high, low[i]));
    }
    this.bands = built.build();
    EntryColumn.of(spec).stream()
        .filter(EntryColumn::provenance)
        .forEach(column -> provenance.put(column, column(name(column))));
  }

  private static String name(EntryColumn column) {
    return switch (column) {
      case REASONS -> "reasons";
      case COUNT -> "counts";
      case LOG_PROPOSAL -> "log_proposals";
      case ID, LOG_PROB -> throw new IllegalArgumentException(column + " lies in bands");
    };
  }

  private int column(String name) {
    names.add(name);
    return names.size() - 1;
  }

  /** Most entries of a position, or more; at least 1. */
  private static int most(StatisticSpec spec) {
    if (spec.forced().isPresent()) {
      return Integer.MAX_VALUE;
    }
    long draws = spec.sample().map(sample -> sample.draws()).orElse(0);
    long most = spec.mostTop() + draws + (spec.target() ? 1 : 0);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, most));
  }

  /** Bits of an id above its two low bytes, as many as fit into bytes without a rest. */
  private static int topBits(int vocabulary) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, vocabulary) - 1) - LOW_BITS;
    return bits <= 0 ? 0 : bits <= 2 ? bits : bits <= 4 ? 4 : 8;
  }

  /** As a Parquet schema. */
  MessageType type() {
    List<Type> types = new ArrayList<>();
    types.add(Types.required(INT64).named(names.get(NUMBER)));
    types.add(
        Types.required(FIXED_LEN_BYTE_ARRAY)
            .length(RowFingerprint.BYTES)
            .named(names.get(FINGERPRINT)));
    for (String name : names.subList(TOKENS, names.size())) {
      types.add(Types.required(BINARY).named(name));
    }
    return new MessageType(PlanesLayout.NAME, types);
  }

  /** Indexes of the columns that hold what is wanted, ascending. */
  int[] columns(Wanted wanted) {
    IntStream.Builder columns = IntStream.builder();
    IntStream.range(0, SCALARS).forEach(columns);
    for (int i = 0; i < scalars.size(); i++) {
      if (wanted.has(scalars.get(i).column())) {
        columns.add(SCALARS + i);
      }
    }
    if (entries(wanted)) {
      columns.add(kept).add(escapes);
      for (Band band : bands) {
        if (band.first() < wanted.mostEntries()) {
          columns.add(band.idLow()).add(band.idHigh()).add(band.idTop()).add(band.logProbHigh());
          columns.add(wanted.coarse() ? -1 : band.logProbLow());
        }
      }
      for (EntryColumn column : EntryColumn.values()) {
        columns.add(column.provenance() && wanted.has(column) ? provenance(column) : -1);
      }
    }
    return columns.build().filter(column -> column >= 0).sorted().toArray();
  }

  /** Whether any entry is wanted. */
  static boolean entries(Wanted wanted) {
    return wanted.has(Column.ENTRIES) && wanted.mostEntries() > 0;
  }

  ImmutableList<ScalarColumn> scalars() {
    return scalars;
  }

  /** Column of how many entries each position has. */
  int kept() {
    return kept;
  }

  /** Column of the log-probs that have no code. */
  int escapes() {
    return escapes;
  }

  ImmutableList<Band> bands() {
    return bands;
  }

  /** Bits of each id that lie in {@link Band#idTop}: 0, 1, 2, 4 or 8. */
  int topBits() {
    return topBits;
  }

  /** Bytes of a token. */
  int tokenBytes() {
    return topBits == 0 ? 2 : 3;
  }

  /** Column of what entries are there for, or -1. */
  int provenance(EntryColumn column) {
    return provenance.getOrDefault(column, -1);
  }
}

package dev.stillhouse.storage.layout;

import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.Arrays;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * One of the values of a kept entry, in the order in which value-readable layouts store them. The
 * statistic decides which of them there are.
 */
public enum EntryColumn {
  ID,
  LOG_PROB,
  /** Bit set of {@link dev.stillhouse.storage.statistics.Reason}. */
  REASONS,
  COUNT,
  LOG_PROPOSAL;

  /** Returns the columns that a shard of this statistic has. */
  public static ImmutableList<EntryColumn> of(StatisticSpec spec) {
    return Arrays.stream(values())
        .filter(column -> column.in(spec))
        .collect(ImmutableList.toImmutableList());
  }

  private boolean in(StatisticSpec spec) {
    return switch (this) {
      case ID, LOG_PROB -> true;
      case REASONS -> spec.hasReasons();
      case COUNT -> spec.hasCounts();
      case LOG_PROPOSAL -> spec.hasProposals();
    };
  }

  /** Returns whether it says why the entry is kept. */
  public boolean provenance() {
    return compareTo(LOG_PROB) > 0;
  }

  /** Returns whether a projection reads it. */
  public boolean readBy(Projection projection) {
    return projection.has(Projection.Column.ENTRIES)
        && (!provenance() || projection.has(Projection.Column.PROVENANCE));
  }

  /** Returns its type under a layout's name. */
  public Type type(String name) {
    return switch (this) {
      case ID, COUNT -> Types.required(INT32).named(name);
      case REASONS -> Types.required(INT32).as(intType(8, true)).named(name);
      case LOG_PROB, LOG_PROPOSAL -> Types.required(FLOAT).named(name);
    };
  }

  /** Writes its value for entry {@code e}, exactly. */
  public void write(RecordConsumer out, String name, int index, StatisticsBatch batch, int e) {
    Provenance provenance = batch.provenance();
    switch (this) {
      case ID -> Fields.integer(out, name, index, batch.ids()[e]);
      case LOG_PROB -> Fields.real(out, name, index, batch.logProbs()[e]);
      case REASONS -> Fields.integer(out, name, index, provenance.reasons()[e]);
      case COUNT -> Fields.integer(out, name, index, provenance.counts()[e]);
      case LOG_PROPOSAL -> Fields.real(out, name, index, provenance.logProposals()[e]);
    }
  }
}

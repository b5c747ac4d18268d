package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Set;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** A teacher that reduces its rows where it computes them. */
final class FlightReduced implements ReducedTeacher {
  /** Of each server: what it works on, what it sends, and what waits for it. */
  private static final int POSITIONS_AHEAD = 4096;

  private final Servers servers;
  private final Windows windows;

  FlightReduced(Servers servers, Windows windows) {
    this.servers = servers;
    this.windows = windows;
  }

  @Override
  public String fingerprint() {
    return String.join(
        " ",
        "flight reduced",
        servers.info().arithmetic(),
        servers.info().fingerprint(),
        windows.canonical());
  }

  @Override
  public int vocabulary() {
    return servers.info().vocabulary();
  }

  /** Returns false: libraries choose their sums by device and shape. */
  @Override
  public boolean reproducible() {
    return false;
  }

  @Override
  public Set<Scalar> cannotGive() {
    return ImmutableSet.of();
  }

  @Override
  public void check(Selection selection) {
    if (vocabulary() < selection.vocabulary()) {
      throw DataException.of(
          "teacher %s predicts %d ids, but the tokenizer's vocabulary has %d; choose the tokenizer"
              + " that the teacher was made for",
          fingerprint(), vocabulary(), selection.vocabulary());
    }
  }

  @Override
  public int positionsAhead() {
    return POSITIONS_AHEAD * servers.size();
  }

  @Override
  public StatisticsBatch read(TokenBatch batch, Selection selection) {
    TokenIds.check(batch, vocabulary());
    Prompts prompts = new Prompts(batch, windows);
    if (prompts.rows() == 0) {
      return StatisticsBatch.nulls(selection.spec(), batch);
    }
    byte[] command = Columns.reduced(selection);
    return servers.ask(prompts, server -> read(server, command, prompts, selection));
  }

  private StatisticsBatch read(
      Server server, byte[] command, Prompts prompts, Selection selection) {
    ImmutableMap<String, String> metadata =
        ImmutableMap.of(
            "fingerprint",
            servers.info().fingerprint(),
            "arithmetic",
            servers.info().arithmetic(),
            "form",
            "reduced");
    Schema schema = Columns.reduced(selection.spec());
    try (Exchange call = server.exchange(command, prompts)) {
      ReducedRows rows = new ReducedRows(prompts, selection, call);
      for (VectorSchemaRoot next = call.next(schema, metadata);
          next != null;
          next = call.next(schema, metadata)) {
        rows.add(next);
      }
      return rows.finish();
    }
  }

  @Override
  public void close() {
    servers.close();
  }
}

package dev.stillhouse.pipeline.packing;

import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays documents end to end into rows of T slots. A document that a row's end cuts continues in the
 * next row as a new segment. Memory is one row.
 */
public final class RowBuilder {
  private final int length;
  private final @Nullable Integer separator;
  private final SequenceSink sink;
  private int[] tokens;
  private int[] segments;
  private List<SegmentSource> sources = new ArrayList<>();
  private int filled;
  // The open document, and whether it has a segment in this row.
  private @Nullable SegmentSource source;
  private boolean inRow;
  private long documentTokens;
  private PackTotals totals = PackTotals.NONE;

  public RowBuilder(Packing packing, SequenceSink sink) {
    this.length = packing.sequenceLength();
    this.separator = packing.separator();
    this.sink = sink;
    tokens = new int[length];
    segments = new int[length];
  }

  public void start(SegmentSource document) {
    source = document;
    inRow = false;
    documentTokens = 0;
  }

  void token(int id) {
    documentTokens++;
    slot(id);
  }

  public void end() {
    boolean empty = documentTokens == 0;
    if (separator != null) {
      slot(separator);
    }
    source = null;
    totals =
        totals.plus(
            new PackTotals(1, empty ? 1 : 0, documentTokens, separator == null ? 0 : 1, 0, 0));
  }

  /** Pads and passes on the last row, unless it is empty. */
  public PackTotals finish() {
    if (filled > 0) {
      int padding = length - filled;
      // Fresh arrays hold token 0 already.
      Arrays.fill(segments, filled, length, TokenBatch.PADDING);
      totals = totals.plus(new PackTotals(0, 0, 0, 0, padding, 0));
      row();
    }
    return totals;
  }

  private void slot(int id) {
    if (!inRow) {
      if (source == null) {
        throw new IllegalStateException("RowBuilder: a token outside of a document");
      }
      sources.add(source);
      inRow = true;
    }
    tokens[filled] = id;
    segments[filled] = sources.size() - 1;
    if (++filled == length) {
      row();
    }
  }

  private void row() {
    sink.accept(tokens, segments, List.copyOf(sources));
    totals = totals.plus(new PackTotals(0, 0, 0, 0, 0, 1));
    tokens = new int[length];
    segments = new int[length];
    sources = new ArrayList<>();
    filled = 0;
    inRow = false;
  }
}

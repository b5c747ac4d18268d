package dev.stillhouse.pipeline.formats;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import java.util.Arrays;

/**
 * One sequence of a source, filled by its format: its tokens, then its rows of statistics. A number
 * that the source does not give is NaN.
 */
@PublicApi
public final class SourceSequence {
  /** Max entries of a sequence. */
  public static final int MAX_ENTRIES = 1 << 26;

  /** The numbers of a row, by their place. */
  static final int TAIL = 0;

  static final int NORMALISER = 1;
  static final int ENTROPY = 2;
  static final int TARGET = 3;
  private static final int SCALARS = 4;

  /** Bytes of heap for an entry: its id and value, here, in a batch and while arrays grow. */
  private static final int TIMES_IN_MEMORY = 5;

  private String file = "";
  private String place = "";
  private long document;
  private int tokenCount;
  private int[] tokens = new int[512];
  private int[] segments = new int[512];
  private boolean segmented;
  private int rowCount;
  private int[] offsets = new int[513];
  private float[] scalars = new float[SCALARS * 512];
  private int[] ids = new int[1 << 14];
  private float[] values = new float[1 << 14];

  /**
   * Begins a sequence.
   *
   * @param file that it is read from
   * @param document number of the sequence in it, from 0
   * @param place where in the file, for errors, as in "line 5"
   */
  public void begin(ImportFile file, long document, String place) {
    this.file = file.name();
    this.place = file.path() + ", " + place;
    this.document = document;
    tokenCount = 0;
    rowCount = 0;
    segmented = false;
  }

  /** Appends a token. */
  public void token(int id) {
    if (tokenCount == TokenShardHeader.MAX_POSITIONS) {
      throw wrong("more than %d tokens; cut the sequence", TokenShardHeader.MAX_POSITIONS);
    }
    if (tokenCount == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * tokenCount);
      segments = Arrays.copyOf(segments, 2 * tokenCount);
    }
    segments[tokenCount] = 0;
    tokens[tokenCount++] = id;
  }

  /** Appends a token of a segment; a new number begins a new segment. */
  public void token(int id, int segment) {
    token(id);
    segments[tokenCount - 1] = segment;
    segmented = true;
  }

  /** Begins the next row of statistics. */
  public void row() {
    if (rowCount == TokenShardHeader.MAX_POSITIONS) {
      throw wrong("more than %d rows", TokenShardHeader.MAX_POSITIONS);
    }
    if (rowCount + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      scalars = Arrays.copyOf(scalars, SCALARS * offsets.length);
    }
    int from = rowCount * SCALARS;
    Arrays.fill(scalars, from, from + SCALARS, Float.NaN);
    offsets[rowCount + 1] = offsets[rowCount];
    rowCount++;
  }

  /** Adds an entry to the last row: a log-prob in nats, or a logit. */
  public void entry(int id, float value) {
    int at = offsets[rowCount];
    if (at == MAX_ENTRIES) {
      throw wrong("more than %d entries; cut the sequence", MAX_ENTRIES);
    }
    if (at == ids.length) {
      HeapLimit.check(place, 16L * at, TIMES_IN_MEMORY);
      ids = Arrays.copyOf(ids, 2 * at);
      values = Arrays.copyOf(values, 2 * at);
    }
    ids[at] = id;
    values[at] = value;
    offsets[rowCount] = at + 1;
  }

  /** Says the log of the mass that the last row did not keep. */
  public void tail(float logTail) {
    scalar(TAIL, logTail);
  }

  /** Says the last row's log-sum-exp of all logits. */
  public void normaliser(float value) {
    scalar(NORMALISER, value);
  }

  /** Says the last row's entropy over the full vocabulary, in nats. */
  public void entropy(float nats) {
    scalar(ENTROPY, nats);
  }

  /** Says the log-prob of the token that the last row describes. */
  public void target(float logProb) {
    scalar(TARGET, logProb);
  }

  private void scalar(int which, float value) {
    scalars[(rowCount - 1) * SCALARS + which] = value;
  }

  /** Returns an error that says where the sequence is. */
  @FormatMethod
  public DataException wrong(@FormatString String reason, Object... values) {
    return new DataException(place + ": " + String.format(reason, values));
  }

  /** Returns the number of tokens. */
  public int tokens() {
    return tokenCount;
  }

  /** Returns the number of rows of statistics. */
  public int rows() {
    return rowCount;
  }

  /** Returns the number of entries of the last row. */
  public int entriesOfRow() {
    return offsets[rowCount] - offsets[rowCount - 1];
  }

  /** Returns the name of the file. */
  public String file() {
    return file;
  }

  /** Returns the number of the sequence in its file. */
  public long document() {
    return document;
  }

  int tokenAt(int position) {
    return tokens[position];
  }

  int segmentAt(int position) {
    return segments[position];
  }

  /** Returns whether segments were said. */
  boolean segmented() {
    return segmented;
  }

  int from(int row) {
    return offsets[row];
  }

  int to(int row) {
    return offsets[row + 1];
  }

  int id(int entry) {
    return ids[entry];
  }

  float value(int entry) {
    return values[entry];
  }

  float number(int row, int which) {
    return scalars[row * SCALARS + which];
  }
}

package dev.stillhouse.storage.loader.dense;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.loader.LoadedBatch;
import java.util.List;

/**
 * The shape of dense batches, one for a whole run.
 *
 * <p>Columns, with T the sequence length and B the rows of {@link LoadedBatch#rows}:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>{@code tokens}</td><td>integer [B][T]</td><td>0 in padding</td></tr>
 * <tr><td>{@code segments}</td><td>integer [B][T]</td><td>-1 in padding</td></tr>
 * <tr><td>{@code positions}</td><td>integer [B][T]</td><td>place within the segment; 0 in padding</td></tr>
 * <tr><td>{@code targets}</td><td>integer [B][T]</td><td>the next token of the segment, -100 where there
 *     is none</td></tr>
 * <tr><td>{@code loss_mask}</td><td>uint8 [B][T]</td><td>1 where there is a target</td></tr>
 * <tr><td>{@code ids}</td><td>integer [B][T][k]</td><td>best first; 0 where there are fewer</td></tr>
 * <tr><td>{@code log_probs}</td><td>float [B][T][k]</td><td>nats; {@value #LOG_ZERO} where there are
 *     fewer</td></tr>
 * <tr><td>{@code log_tail}</td><td>float [B][T]</td><td>log of all mass but that of these k entries; at
 *     least {@value #LOG_ZERO}</td></tr>
 * <tr><td>{@code log_normaliser}</td><td>float [B][T]</td><td>NaN where the teacher gave none; 0 in
 *     padding</td></tr>
 * </table>
 *
 * <p>{@value #LOG_ZERO} stands for minus infinity: a float16 holds it, its exponential is 0, and 0
 * times it is 0 where infinity gives NaN. Rows that a rank does not have are padding.
 *
 * @param k entries of a slot
 * @param integerType type of the whole numbers: INT32 or INT64
 * @param floatType type of the others: FLOAT16, BFLOAT16 or FLOAT32
 */
@PublicApi
public record DenseForm(int k, NumberType integerType, NumberType floatType) {
  /** Stands for the logarithm of 0, in nats. */
  public static final float LOG_ZERO = -10_000f;

  /** The target where there is none: what PyTorch's losses ignore by default. */
  public static final int NO_TARGET = -100;

  private static final int MAX_ENTRIES = 1 << 20;

  public DenseForm {
    if (k < 0 || k > MAX_ENTRIES) {
      throw UsageException.of("dense batches of %d entries: need 0 to %d", k, MAX_ENTRIES);
    }
    if ((integerType != NumberType.INT32 && integerType != NumberType.INT64)
        || !floatType.isFloat()) {
      throw UsageException.of(
          "dense batches of %s and %s: need INT32 or INT64, and a floating-point type",
          integerType, floatType);
    }
  }

  /**
   * Returns a form with int32 and float32.
   *
   * @param k entries of a slot, 1 or more
   */
  public static DenseForm of(int k) {
    return new DenseForm(k, NumberType.INT32, NumberType.FLOAT32);
  }

  /**
   * Returns the name, type and shape of each column.
   *
   * @param rows of a batch
   * @param length positions of a row
   */
  List<DenseColumn.Kind> columns(int rows, int length) {
    ImmutableList<Integer> slots = ImmutableList.of(rows, length);
    ImmutableList<Integer> entries = ImmutableList.of(rows, length, k);
    return List.of(
        new DenseColumn.Kind("tokens", integerType, slots),
        new DenseColumn.Kind("segments", integerType, slots),
        new DenseColumn.Kind("positions", integerType, slots),
        new DenseColumn.Kind("targets", integerType, slots),
        new DenseColumn.Kind("loss_mask", NumberType.UINT8, slots),
        new DenseColumn.Kind("ids", integerType, entries),
        new DenseColumn.Kind("log_probs", floatType, entries),
        new DenseColumn.Kind("log_tail", floatType, slots),
        new DenseColumn.Kind("log_normaliser", floatType, slots));
  }
}

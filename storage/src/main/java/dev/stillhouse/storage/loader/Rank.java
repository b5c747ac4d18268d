package dev.stillhouse.storage.loader;

import com.google.common.primitives.Ints;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.stillhouse.storage.UsageException;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that share each step. Ranks own contiguous slots of a step, as even as whole
 * numbers allow: in step s, rank r of n has those from floor((r * rows + s mod n) / n) to floor(((r
 * + 1) * rows + s mod n) / n). So the rows of all ranks, one after the other, are the step,
 * whatever n is (E1, E2). Where n does not divide the rows, ranks take turns with the remainder.
 *
 * @param rank from 0
 * @param worldSize number of ranks
 */
public record Rank(int rank, int worldSize) {
  /** The rank of a student that is alone. */
  public static final Rank ONLY = new Rank(0, 1);

  /** Max number of ranks. */
  public static final int MAX = 1 << 20;

  public Rank {
    if (worldSize < 1 || worldSize > MAX || rank < 0 || rank >= worldSize) {
      throw UsageException.of(
          "rank %d of %d: need 1 to %d ranks, numbered from 0", rank, worldSize, MAX);
    }
  }

  /** Reads the text form, as in {@code 3/8}. */
  @CanIgnoreReturnValue
  public static Rank parse(String text) {
    int slash = text.indexOf('/');
    @Nullable Integer rank = slash < 0 ? null : Ints.tryParse(text.substring(0, slash));
    @Nullable Integer worldSize = slash < 0 ? null : Ints.tryParse(text.substring(slash + 1));
    if (rank == null || worldSize == null) {
      throw UsageException.of("part '%s': need RANK/RANKS, as in 3/8", text);
    }
    return new Rank(rank, worldSize);
  }

  /**
   * Returns the first slot of this rank.
   *
   * @param rows of the step
   * @param step its number
   */
  public int from(int rows, long step) {
    return slot(rank, rows, step);
  }

  /** Returns the slot after the last of this rank. */
  int to(int rows, long step) {
    return slot(rank + 1, rows, step);
  }

  private int slot(int rank, int rows, long step) {
    return (int) (((long) rows * rank + step % worldSize) / worldSize);
  }

  /** Returns the max number of slots that any rank has in a step of {@code rows} rows. */
  int most(int rows) {
    return (rows + worldSize - 1) / worldSize;
  }

  /** Returns the text of a cursor's part: empty for a rank that is alone. */
  public String part() {
    return worldSize == 1 ? "" : rank + "/" + worldSize;
  }
}

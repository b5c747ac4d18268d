package dev.stillhouse.storage.loader;

import com.google.common.primitives.Ints;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.stillhouse.storage.UsageException;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that share each step. Ranks own contiguous slots of a step, as even as whole
 * numbers allow: in step s, rank r of n those from floor((r * rows + s mod n) / n) to floor(((r +
 * 1) * rows + s mod n) / n). So the rows of all ranks, one after the other, are the step, whatever
 * n is (E1, E2), and where n does not divide the rows, ranks take turns with what is over.
 *
 * @param number from 0
 * @param of how many there are
 */
public record Rank(int number, int of) {
  /** Alone. */
  public static final Rank ONLY = new Rank(0, 1);

  /** Most ranks. */
  public static final int MOST = 1 << 20;

  public Rank {
    if (of < 1 || of > MOST || number < 0 || number >= of) {
      throw UsageException.of(
          "rank %d of %d: need 1 to %d ranks, numbered from 0", number, of, MOST);
    }
  }

  /** Reads {@code 3/8}. */
  @CanIgnoreReturnValue
  public static Rank parse(String text) {
    int slash = text.indexOf('/');
    @Nullable Integer number = slash < 0 ? null : Ints.tryParse(text.substring(0, slash));
    @Nullable Integer of = slash < 0 ? null : Ints.tryParse(text.substring(slash + 1));
    if (number == null || of == null) {
      throw UsageException.of("part '%s': need RANK/RANKS, as in 3/8", text);
    }
    return new Rank(number, of);
  }

  /**
   * Returns the first of its slots.
   *
   * @param rows of the step
   * @param step its number
   */
  public int from(int rows, long step) {
    return slot(number, rows, step);
  }

  /** Returns the slot after its last. */
  int to(int rows, long step) {
    return slot(number + 1, rows, step);
  }

  private int slot(int rank, int rows, long step) {
    return (int) (((long) rows * rank + step % of) / of);
  }

  /** The most slots that any rank has in a step of so many rows. */
  int most(int rows) {
    return (rows + of - 1) / of;
  }

  /** As a cursor has it: empty for a rank that is alone. */
  public String part() {
    return of == 1 ? "" : number + "/" + of;
  }
}

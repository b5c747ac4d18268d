package dev.stillhouse.storage.student;

/** Why an entry is kept: a set of bits, for one entry can be there for more than one reason. */
public final class Reasons {
  /** Among the best, by number or by mass. */
  public static final byte TOP = 1;

  /** Drawn; the only reason that chance decides. */
  public static final byte SAMPLED = 2;

  /** Named in advance. */
  public static final byte FORCED = 4;

  /** The token that really came next. */
  public static final byte TARGET = 8;

  private Reasons() {}

  /** Whether an entry with these reasons would be kept whatever is drawn. */
  static boolean certain(byte reasons) {
    return (reasons & (TOP | FORCED | TARGET)) != 0;
  }
}

package dev.stillhouse.storage.statistics;

import java.util.Arrays;
import java.util.List;

/** Why an entry is kept: a bit of the column {@code reasons}. An entry may have several. */
public enum Reason {
  /** One of the best, by {@code top-k} or {@code top-p}. */
  TOP(1),
  /** Drawn at least once. */
  SAMPLED(2),
  /** Always kept. */
  FORCED(4),
  /** The next token of the text. */
  TARGET(8);

  private final int bit;

  Reason(int bit) {
    this.bit = bit;
  }

  /** Returns its bit, which is permanent. */
  public int bit() {
    return bit;
  }

  /** Returns the reasons of a bit set. */
  public static List<Reason> all(int reasons) {
    return Arrays.stream(values()).filter(reason -> reason.in(reasons)).toList();
  }

  /** Returns whether {@code reasons} has this bit. */
  public boolean in(int reasons) {
    return (reasons & bit) != 0;
  }
}

package dev.stillhouse.pipeline.teacher.served;

import java.util.Locale;

/**
 * What a server says of itself when it is probed.
 *
 * @param version of the software; "unknown" if it does not tell
 * @param model as the server names it
 * @param details what else it says that decides its answers, as {@code dtype=bfloat16}; "" if
 *     nothing
 * @param form of its answers
 * @param maxPrompt max tokens of a prompt whose log-probs it gives
 * @param maxTop max entries of a position that it gives
 * @param vocabulary number of its ids
 * @param forced how it is asked for the log-probs of ids by name
 */
record ServerInfo(
    String version,
    String model,
    String details,
    String form,
    int maxPrompt,
    int maxTop,
    int vocabulary,
    Forced forced) {
  /** How a server is asked for the log-probs of ids by name. */
  enum Forced {
    /** It gives none. */
    NONE,
    /** One list of ids for all rows. */
    LIST,
    /** A list of ids for each row. */
    ROWS
  }

  /** A limit that the server does not tell. */
  static final int UNKNOWN = Integer.MAX_VALUE;

  /** Returns whether it gives the log-probs of ids that are asked for by name. */
  boolean givesForced() {
    return forced != Forced.NONE;
  }

  /** Returns all that decides answers, without the place. */
  String identity() {
    return version + " model=" + model + details;
  }

  /** Returns one line for people. */
  String sentence() {
    return String.format(
        Locale.ROOT,
        "%s, model %s%s, %s, prompts of %s tokens, %s entries, vocabulary %s",
        version,
        model,
        details,
        form,
        limit(maxPrompt),
        limit(maxTop),
        vocabulary == UNKNOWN ? "unknown" : String.format(Locale.ROOT, "%,d", vocabulary));
  }

  private static String limit(int value) {
    return value == UNKNOWN ? "any number of" : String.format(Locale.ROOT, "up to %,d", value);
  }
}

package dev.stillhouse.pipeline.teacher.check;

import dev.stillhouse.storage.manifest.TeacherDoubt;
import java.util.Locale;

/**
 * A promise that a teacher does not keep.
 *
 * @param nats the largest difference between log-probs that should be equal; 0 if there is none to
 *     give
 * @param position of it within its prompt, or the first of its kind
 */
public record TeacherFinding(Promise promise, double nats, int position) {
  /** What every teacher promises. */
  public enum Promise {
    /** No row has NaN, +inf, or nothing but -inf. */
    FINITE("its logits are not finite at position %2$d; such rows fail the run when they are met"),
    /** The same question gets the same answer. */
    SAME_AGAIN(
        "asked twice it gives other answers (%1$.3g nats at position %2$d); a run that is stopped"
            + " and goes on would mix them"),
    /** A row depends on no later token. */
    PAST_ALONE(
        "its rows depend on tokens that come after them (%1$.3g nats at position %2$d): was it"
            + " exported without a causal mask? A student would learn answers that it cannot know"),
    /** A row depends on its segment alone. */
    PROMPT_ALONE(
        "its rows depend on what else is in the batch (%1$.3g nats at position %2$d), not on their"
            + " own text alone: padding, batch size, or quantisation over whole calls"),
    /** A row is about the next token. */
    NEXT_TOKEN(
        "its rows fit another token better than the next one (by %1$.3g nats a position): is the"
            + " recording shifted?");

    private final String words;

    Promise(String words) {
      this.words = words;
    }
  }

  /** Returns its record in a manifest. */
  public TeacherDoubt doubt() {
    String name = promise.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new TeacherDoubt(name, nats, position);
  }

  /** Returns it for people, as a clause. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, promise.words, nats, position);
  }
}

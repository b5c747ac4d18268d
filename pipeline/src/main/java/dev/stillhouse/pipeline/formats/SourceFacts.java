package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.PublicApi;
import java.util.OptionalDouble;

/**
 * What is true of all sequences of a source.
 *
 * @param alignment which token a row describes
 * @param logits whether values are logits, to be made log-probs by a normaliser
 * @param boundNats how far the source's own rounding may have moved a value, in nats: this, and
 * @param boundShare this share of the value
 * @param overKept whether log-probs are normalised over the kept entries alone
 * @param bounded whether these bounds hold; false where values were fitted, and no one knows
 * @param canonical the settings that decide what is read, as text; part of the identity
 */
@PublicApi
public record SourceFacts(
    Alignment alignment,
    boolean logits,
    double boundNats,
    double boundShare,
    boolean overKept,
    boolean bounded,
    String canonical) {
  /**
   * Returns these facts with the error that a person knows better.
   *
   * @param nats bound of the error; these facts themselves if absent
   */
  public SourceFacts within(OptionalDouble nats) {
    return nats.isEmpty()
        ? this
        : new SourceFacts(alignment, logits, nats.getAsDouble(), 0, overKept, true, canonical);
  }

  /** The share by which rounding to float16 moves a value at most. */
  public static final double FLOAT16 = 0x1p-11;

  /** The share by which rounding to bfloat16 moves a value at most. */
  public static final double BFLOAT16 = 0x1p-8;
}

package dev.stillhouse.storage.losses;

/**
 * A loss at one position.
 *
 * @param value in nats; each loss says what it measures, and from which zero
 * @param gradient its derivative by each of the student's logits, V numbers
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record Loss(double value, double[] gradient) {

  /** Returns the loss {@code by} times as large, its gradient {@code gradientBy} times. */
  Loss times(double by, double gradientBy) {
    double[] scaled = new double[gradient.length];
    for (int j = 0; j < scaled.length; j++) {
      scaled[j] = gradientBy * gradient[j];
    }
    return new Loss(by * value, scaled);
  }
}

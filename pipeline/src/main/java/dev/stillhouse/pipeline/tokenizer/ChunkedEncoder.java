package dev.stillhouse.pipeline.tokenizer;

import java.util.function.Consumer;

/**
 * Collects a text and passes it on in parts that end at {@link CutPlaces}. A part has at least
 * {@code chunk} characters, and ends at the next cut place.
 */
final class ChunkedEncoder implements TextEncoder {
  /** Characters of a part: enough that the calls take no noticeable time. */
  static final int CHUNK = 64 << 10;

  /**
   * Max characters without a cut place; no text that a person wrote comes near. If they are one run
   * (of one letter, or one sign), jtokkit merges them in little more than linear time but with 125
   * to 170 bytes of heap for each byte. Measured in a heap of 1 GiB, 2 cores: 1 Mi characters take
   * 0.7-1.2 s, 4 Mi of three bytes each do not fit.
   */
  static final int LONGEST = 1 << 20;

  private final String source;
  private final int chunk;
  private final int longest;
  private final Consumer<String> parts;
  private final StringBuilder pending = new StringBuilder();
  // No cut place lies before this index of pending.
  private int searched;

  ChunkedEncoder(String source, int chunk, int longest, Consumer<String> parts) {
    this.source = source;
    this.chunk = chunk;
    this.longest = longest;
    this.parts = parts;
  }

  @Override
  public void text(CharSequence text) {
    for (int from = 0; from < text.length(); from += chunk) {
      pending.append(text, from, Math.min(text.length(), from + chunk));
      if (pending.length() >= chunk) {
        handOn();
      }
    }
  }

  private void handOn() {
    int cut = CutPlaces.last(pending, searched);
    // The first cut place decides, so that it does not matter in which chunks the text comes.
    if (pending.length() > longest && (cut < 0 || CutPlaces.first(pending, searched) > longest)) {
      throw new UncutTextException(
          source,
          String.format(
              "more than %d characters without a place to cut (a letter or digit before a space"
                  + " or a sign); is this text?",
              longest));
    }
    if (cut < 0) {
      searched = pending.length();
      return;
    }
    parts.accept(pending.substring(0, cut));
    pending.delete(0, cut);
    // All of what is left was looked at, but for the place where the next chunk joins.
    searched = pending.length();
  }

  @Override
  public void end() {
    if (pending.length() > 0) {
      parts.accept(pending.toString());
      pending.setLength(0);
    }
  }
}

package dev.stillhouse.pipeline.tokenizer;

import dev.stillhouse.storage.DataException;
import java.util.function.Consumer;

/**
 * Collects a text and passes it on whole, for tokenizers under which no cut is known to be safe.
 */
final class WholeEncoder implements TextEncoder {
  /**
   * Max characters of a text. The library holds about 160 bytes for each while it encodes: 4 Mi of
   * Moby-Dick under stories260K's tokenizer took 0.8 GB beside the heap and 4.6 s (16 Mi: 2.6 GB).
   */
  static final int LONGEST = 4 << 20;

  private final String source;
  private final int longest;
  private final Consumer<String> whole;
  private final StringBuilder pending = new StringBuilder();

  WholeEncoder(String source, int longest, Consumer<String> whole) {
    this.source = source;
    this.longest = longest;
    this.whole = whole;
  }

  @Override
  public void text(CharSequence text) {
    if (text.length() > longest - pending.length()) {
      throw DataException.of(
          "%s: longer than %d characters, and this tokenizer can only encode a document whole;"
              + " split the text into documents (--documents paragraph, or jsonl)",
          source, longest);
    }
    pending.append(text);
  }

  @Override
  public void end() {
    if (pending.length() > 0) {
      whole.accept(pending.toString());
      pending.setLength(0);
    }
  }
}

package dev.stillhouse.pipeline.tokenizer;

/** Encodes one text that comes in chunks. For one thread. */
public interface TextEncoder {
  /** Takes the next characters; they are read before this returns. */
  void text(CharSequence chunk);

  /** Ends the text and gives the ids that were held back. Nothing may follow. */
  void end();
}

package dev.stillhouse.pipeline.tokenizer;

/** Encodes one text that comes in chunks. For one thread. */
public interface TextEncoder {
  /** The next characters; read before this returns. */
  void text(CharSequence chunk);

  /** The text is complete: gives the ids that were held back. Nothing may follow. */
  void end();
}

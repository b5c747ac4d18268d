package dev.stillhouse.pipeline.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Turns text into ids and back. Safe for use by several threads at once. */
public interface TextTokenizer {
  /** The name it is found by; see {@link Tokenizers}. */
  String name();

  /**
   * sha256 (hex) of what decides the ids: vocabulary, merges, how text is split, special tokens.
   * Not of a name, so that one name for two vocabularies is noticed.
   */
  String fingerprint();

  /**
   * What another machine needs to make this tokenizer: a dataset keeps it as the blob {@link
   * Tokenizers#key} of the fingerprint, which is its sha256. Empty for what every release brings.
   */
  default Optional<byte[]> blob() {
    return Optional.empty();
  }

  /** How many ids there are: 0 to this - 1, gaps included. */
  int vocabulary();

  /**
   * The id that is put between documents.
   *
   * @throws dev.stillhouse.storage.UsageException if a tokenizer.json does not tell which it is
   */
  int endToken();

  /** Whether an id stands for no text: an end, a start, a turn of a chat. */
  boolean special(int id);

  /**
   * All ids that may end a document, the first of them {@link #endToken}; empty if none is known.
   */
  List<Integer> endTokens();

  /**
   * Encodes one text that comes in chunks, however it is cut, exactly as if it came whole. Names of
   * special tokens in it are ordinary text, unless the tokenizer was asked for otherwise.
   *
   * @param source where the text comes from, for messages
   * @param ids takes the ids in order, some while the text still comes
   */
  TextEncoder encoder(String source, IntConsumer ids);

  /**
   * The bytes of an id, which need not be whole characters; none for an id in a gap. A special
   * token gives its name.
   */
  byte[] decode(int id);

  /** The text of ids; bytes that are no UTF-8, as where a character is cut, become U+FFFD. */
  String decode(int[] ids);
}

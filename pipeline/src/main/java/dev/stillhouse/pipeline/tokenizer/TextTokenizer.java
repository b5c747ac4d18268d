package dev.stillhouse.pipeline.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Encodes text as ids and decodes ids. Safe for many threads. */
public interface TextTokenizer {
  /** Returns the name it is found by; see {@link Tokenizers}. */
  String name();

  /**
   * Returns the sha256 (hex) of all that decides the ids: vocabulary, merges, how text is split,
   * special tokens. The name is not in it, so that one name for two vocabularies is noticed.
   */
  String fingerprint();

  /**
   * Returns what another machine needs to make this tokenizer; empty for the built-in ones. A
   * dataset keeps it as the blob {@link Tokenizers#key} of the fingerprint, which is its sha256.
   */
  default Optional<byte[]> blob() {
    return Optional.empty();
  }

  /** Returns the number of ids: 0 to this - 1, gaps included. */
  int vocabulary();

  /**
   * Returns the id that is put between documents.
   *
   * @throws dev.stillhouse.storage.UsageException if a tokenizer.json does not say which it is
   */
  int endToken();

  /**
   * Returns whether an id stands for no text: an end, a start, a turn of a chat.
   *
   * @param id 0 to {@link #vocabulary} - 1
   */
  boolean special(int id);

  /**
   * Returns all ids that may end a document, the first of them {@link #endToken}; empty if none is
   * known.
   */
  List<Integer> endTokens();

  /**
   * Returns an encoder of one text that comes in chunks. However the text is cut, the ids are those
   * of the whole. Names of special tokens in it are ordinary text, unless the tokenizer was opened
   * otherwise.
   *
   * @param source where the text comes from, for messages
   * @param ids takes the ids in order, some before the text ends
   */
  TextEncoder encoder(String source, IntConsumer ids);

  /**
   * Returns the bytes of an id, which need not be whole characters; none for an id in a gap. A
   * special token gives its name.
   *
   * @param id 0 to {@link #vocabulary} - 1
   */
  byte[] decode(int id);

  /** Returns the text of ids. Bytes that are not UTF-8, as at a cut character, become U+FFFD. */
  String decode(int[] ids);
}

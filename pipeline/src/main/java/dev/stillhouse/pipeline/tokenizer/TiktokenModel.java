package dev.stillhouse.pipeline.tokenizer;

import com.google.common.collect.ImmutableSortedMap;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The published byte-pair vocabularies that come with the tokenizer library. */
enum TiktokenModel {
  GPT2(
      EncodingType.R50K_BASE,
      "r50k_base.tiktoken",
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
      ImmutableSortedMap.of(50256, "<|endoftext|>")),
  CL100K(
      EncodingType.CL100K_BASE,
      "cl100k_base.tiktoken",
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      ImmutableSortedMap.of(
          100257,
          "<|endoftext|>",
          100258,
          "<|fim_prefix|>",
          100259,
          "<|fim_middle|>",
          100260,
          "<|fim_suffix|>",
          100276,
          "<|endofprompt|>")),
  O200K(
      EncodingType.O200K_BASE,
      "o200k_base.tiktoken",
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      ImmutableSortedMap.of(199999, "<|endoftext|>", 200018, "<|endofprompt|>"));

  /** The library's own encoding. */
  final EncodingType encoding;

  /** Its file of ranks in the library's jar. */
  final String ranks;

  /**
   * Pattern that splits text before merging (characters classed as Unicode says). The library
   * splits by code of its own; this is here for the fingerprint, and a test compares the two.
   */
  final String pattern;

  /** Ids and names of the special tokens; the first ends documents, the last is the last id. */
  final ImmutableSortedMap<Integer, String> special;

  TiktokenModel(
      EncodingType encoding,
      String ranks,
      String pattern,
      ImmutableSortedMap<Integer, String> special) {
    this.encoding = encoding;
    this.ranks = ranks;
    this.pattern = pattern;
    this.special = special;
  }

  /** Returns the name that people use. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns all names, for messages. */
  static String ids() {
    return Arrays.stream(values())
        .map(TiktokenModel::id)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

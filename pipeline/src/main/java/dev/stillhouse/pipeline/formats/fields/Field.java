package dev.stillhouse.pipeline.formats.fields;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;

/** What a field of ours is read from. */
enum Field {
  PROMPT("prompt", Shape.INTEGERS),
  TOKENS("tokens", Shape.INTEGERS),
  SEGMENTS("segments", Shape.INTEGERS),
  MASK("mask", Shape.INTEGERS),
  IDS("ids", Shape.ROWS_OF_INTEGERS),
  LOG_PROBS("log_probs", Shape.ROWS),
  LOGITS("logits", Shape.ROWS),
  PROBS("probs", Shape.ROWS),
  ENTRY_MASK("entry_mask", Shape.ROWS_OF_INTEGERS),
  ENTRIES("entries", Shape.ENTRIES),
  LOG_TAIL("log_tail", Shape.NUMBERS),
  ENTROPY("entropy", Shape.NUMBERS),
  LOG_NORMALISER("log_normaliser", Shape.NUMBERS),
  TARGET_LOG_PROB("target_log_prob", Shape.NUMBERS);

  /** How the values lie. */
  enum Shape {
    INTEGERS,
    NUMBERS,
    ROWS_OF_INTEGERS,
    ROWS,
    ENTRIES
  }

  private final String word;
  private final Shape shape;

  Field(String word, Shape shape) {
    this.word = word;
    this.shape = shape;
  }

  /** Returns its name, which is the default of its path too. */
  String word() {
    return word;
  }

  Shape shape() {
    return shape;
  }

  /** Returns the names of a path with dots, as in {@code meta.ids}. */
  static ImmutableList<String> path(String dotted) {
    return ImmutableList.copyOf(Splitter.on('.').split(dotted));
  }
}

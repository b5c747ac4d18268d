package dev.stillhouse.bench.layouts;

/** What stored bytes are there for. */
enum Part {
  IDS,
  LOG_PROBS,
  /** Ids and log-probs that cannot be told apart in the file. */
  ENTRIES,
  /** Tokens, scalars, how many entries a position has, what entries are there for. */
  REST,
  /** Footer, index, page headers, checksums. */
  CONTAINER
}

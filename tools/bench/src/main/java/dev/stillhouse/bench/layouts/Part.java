package dev.stillhouse.bench.layouts;

/** The purposes of stored bytes. */
enum Part {
  IDS,
  LOG_PROBS,
  /** Ids and log-probs that cannot be separated in the file. */
  ENTRIES,
  /** Tokens, scalars, numbers of entries, provenance. */
  REST,
  /** Footer, index, page headers, checksums. */
  CONTAINER
}

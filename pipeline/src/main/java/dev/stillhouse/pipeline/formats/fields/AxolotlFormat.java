package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.Alignment;
import java.util.Optional;

/**
 * {@code axolotl}: the columns of a dataset that Axolotl has prepared for distillation. A row
 * describes the token at its own place. Its log-probs were normalised over the kept entries, and
 * where the mask is 0 there is none.
 */
public final class AxolotlFormat extends MappedFormat {
  public AxolotlFormat() {
    super("axolotl", ImmutableList.of(".parquet", ".jsonl"));
  }

  @Override
  ImmutableMap<Field, String> defaults() {
    return ImmutableMap.<Field, String>builder()
        .put(Field.TOKENS, "input_ids")
        .put(Field.MASK, "attention_mask")
        .put(Field.IDS, "target_token_ids")
        .put(Field.LOG_PROBS, "target_logprobs")
        .put(Field.ENTRY_MASK, "target_mask")
        .buildOrThrow();
  }

  @Override
  Optional<Alignment> alignment() {
    return Optional.of(Alignment.SELF);
  }

  @Override
  boolean overKept() {
    return true;
  }
}

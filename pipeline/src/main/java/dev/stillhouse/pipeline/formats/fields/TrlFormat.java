package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.Alignment;
import java.util.Optional;

/**
 * {@code trl}: prompt and completion with the entries of the completion's tokens, as TRL's server
 * scores sequences.
 */
public final class TrlFormat extends MappedFormat {
  public TrlFormat() {
    super("trl", JSON);
  }

  @Override
  ImmutableMap<Field, String> defaults() {
    return ImmutableMap.<Field, String>builder()
        .put(Field.PROMPT, "prompt_ids")
        .put(Field.TOKENS, "completion_ids")
        .put(Field.IDS, "logprob_token_ids")
        .put(Field.LOG_PROBS, "logprobs")
        .put(Field.TARGET_LOG_PROB, "actual_logprobs")
        .buildOrThrow();
  }

  @Override
  Optional<Alignment> alignment() {
    return Optional.of(Alignment.END);
  }
}

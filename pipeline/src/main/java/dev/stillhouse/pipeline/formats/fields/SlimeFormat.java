package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.Alignment;
import java.util.Optional;

/** {@code slime}: rollouts with the teacher's log-prob of each token of the response alone. */
public final class SlimeFormat extends MappedFormat {
  public SlimeFormat() {
    super("slime", JSON);
  }

  @Override
  ImmutableMap<Field, String> defaults() {
    return ImmutableMap.<Field, String>builder()
        .put(Field.PROMPT, FieldMap.NONE) // Its prompt is text; the tokens begin with it.
        .put(Field.TARGET_LOG_PROB, "teacher_log_probs")
        .buildOrThrow();
  }

  @Override
  Optional<Alignment> alignment() {
    return Optional.of(Alignment.END);
  }
}

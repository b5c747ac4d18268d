package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.Alignment;
import java.util.Optional;

/**
 * {@code arcee}: Parquet rows with the largest logits of each position, as DistillKit reads them
 * without compression. They come without a normaliser.
 */
public final class ArceeFormat extends MappedFormat {
  public ArceeFormat() {
    super("arcee", PARQUET);
  }

  @Override
  ImmutableMap<Field, String> defaults() {
    return ImmutableMap.<Field, String>builder()
        .put(Field.TOKENS, "input_ids")
        .put(Field.IDS, "token_ids")
        .put(Field.LOGITS, "top_values")
        .buildOrThrow();
  }

  @Override
  Optional<Alignment> alignment() {
    return Optional.of(Alignment.NEXT);
  }
}

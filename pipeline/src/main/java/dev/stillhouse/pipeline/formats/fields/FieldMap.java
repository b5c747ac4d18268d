package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.storage.UsageException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which field of a source's objects is which of ours.
 *
 * @param paths of each field of ours that may be there
 * @param needed fields that must be
 */
record FieldMap(
    ImmutableMap<ImmutableList<String>, Field> paths, ImmutableMap<Field, String> needed) {
  /** Fields that a sequence of a format may lack. */
  private static final ImmutableSet<Field> OPTIONAL =
      ImmutableSet.of(Field.MASK, Field.SEGMENTS, Field.ENTRY_MASK, Field.TARGET_LOG_PROB);

  /** The path of a field that is left out, whatever the source has under its name. */
  static final String NONE = "-";

  /** The names of all settings. */
  static final String KNOWN =
      "prompt, tokens, segments, mask, ids, log_probs, logits, probs, entry_mask, entries, log_tail, entropy, log_normaliser,"
          + " target_log_prob, pair, rounding";

  /**
   * Reads the settings.
   *
   * @param defaults paths of fields beside our own names
   */
  static FieldMap of(ImportSettings settings, ImmutableMap<Field, String> defaults) {
    Map<ImmutableList<String>, Field> paths = new LinkedHashMap<>();
    Map<Field, String> needed = new HashMap<>();
    for (Field field : Field.values()) {
      Optional<String> given = settings.find(field.word());
      String path = given.orElse(defaults.getOrDefault(field, field.word()));
      if (path.equals(NONE) && field != Field.TOKENS) {
        continue;
      }
      boolean usual = defaults.containsKey(field) && !OPTIONAL.contains(field);
      if (given.isPresent() || usual || field == Field.TOKENS) {
        needed.put(field, path);
      }
      Field other = paths.put(Field.path(path), field);
      if (other != null) {
        throw UsageException.of(
            "--set %s=%s: field %s is read from the same", field.word(), path, other.word());
      }
    }
    return new FieldMap(ImmutableMap.copyOf(paths), ImmutableMap.copyOf(needed));
  }
}

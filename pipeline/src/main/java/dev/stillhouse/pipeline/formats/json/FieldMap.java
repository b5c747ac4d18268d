package dev.stillhouse.pipeline.formats.json;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
  /** The names of all settings. */
  static final String KNOWN =
      "tokens, segments, mask, ids, log_probs, logits, entries, log_tail, entropy, log_normaliser,"
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
      if (given.isPresent() || defaults.containsKey(field) || field == Field.TOKENS) {
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

package dev.stillhouse.pipeline.formats;

import com.google.common.collect.ImmutableSortedMap;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person says of a source: its alignment, and the settings of its format by name. A format
 * takes those that it knows; {@link #end} refuses the rest.
 */
@PublicApi
public final class ImportSettings {
  private final Optional<Alignment> alignment;
  private final TreeMap<String, String> left;
  private final TreeMap<String, String> taken = new TreeMap<>();

  /**
   * Creates settings.
   *
   * @param alignment if it was given
   */
  public ImportSettings(Optional<Alignment> alignment, Map<String, String> values) {
    this.alignment = alignment;
    this.left = new TreeMap<>(values);
  }

  /**
   * Returns the alignment that was given.
   *
   * @throws UsageException if none was
   */
  public Alignment alignment() {
    return alignment.orElseThrow(
        () ->
            new UsageException(
                "this format does not say which token a row describes; give --alignment next (row t"
                    + " describes token t+1), self (row t describes token t) or end (the last row"
                    + " describes the last token)"));
  }

  /**
   * Returns the alignment of a format that has one.
   *
   * @throws UsageException if another was given
   */
  public Alignment alignment(String format, Alignment its) {
    if (alignment.isPresent() && alignment.get() != its) {
      throw UsageException.of(
          "--alignment %s: a row of %s is always '%s'; leave the option out",
          alignment.get().word(), format, its.word());
    }
    return its;
  }

  /** Returns the alignment that was given, or else this one. */
  public Alignment alignmentOr(Alignment its) {
    return alignment.orElse(its);
  }

  /** Returns a setting, if it was given. */
  public Optional<String> find(String name) {
    String value = left.remove(name);
    if (value != null) {
      taken.put(name, value);
    }
    return Optional.ofNullable(taken.get(name));
  }

  /** Returns a setting, or its default. */
  public String get(String name, String otherwise) {
    return find(name).orElse(otherwise);
  }

  /**
   * Returns a setting.
   *
   * @param why what it is, for the error
   * @throws UsageException if it was not given
   */
  public String need(String name, String why) {
    return find(name).orElseThrow(() -> UsageException.of("give --set %s=...: %s", name, why));
  }

  /**
   * Returns a setting that is a number.
   *
   * @param otherwise its default; null if it must be given
   * @throws UsageException if it is none of this range
   */
  public int number(String name, String why, @Nullable Integer otherwise, int min, int max) {
    Optional<String> given = find(name);
    if (given.isEmpty() && otherwise != null) {
      return otherwise;
    }
    String text = given.isPresent() ? given.get() : need(name, why);
    if (text.matches("[0-9]{1,9}")
        && Integer.parseInt(text) >= min
        && Integer.parseInt(text) <= max) {
      return Integer.parseInt(text);
    }
    throw UsageException.of(
        "--set %s=%s: need a number from %d to %d: %s", name, text, min, max, why);
  }

  /** Returns the settings that were taken, for the identity. */
  public String canonical() {
    return ImmutableSortedMap.copyOf(taken).toString();
  }

  /**
   * Refuses settings that no one took.
   *
   * @param known the names that the format has, for the error
   * @throws UsageException naming the first
   */
  public void end(String format, String known) {
    if (!left.isEmpty()) {
      throw UsageException.of(
          "--set %s: format %s has no such setting; it has: %s", left.firstKey(), format, known);
    }
  }
}

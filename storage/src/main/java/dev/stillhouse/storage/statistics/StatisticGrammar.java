package dev.stillhouse.storage.statistics;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import dev.stillhouse.storage.statistics.StatisticSpec.TopP;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text form of a {@link StatisticSpec}: {@code part+part}, where a part is {@code
 * name[:value][,key=value...]}. Errors point at the wrong character.
 */
final class StatisticGrammar {
  private static final int MAX_CHARACTERS = 4096;
  private static final String PARTS =
      "top-k:K, top-p:P,max=M, sample:N[,temperature=T][,seed=S], forced:FILE, target,"
          + " normaliser-at:T[,T...]";

  private final String text;
  private final long seed;
  private int topK;
  private @Nullable TopP topP;
  private @Nullable Sample sample;
  private @Nullable String forced;
  private boolean target;
  private ImmutableList<Double> normalisersAt = ImmutableList.of();

  StatisticGrammar(String text, long seed) {
    this.text = text;
    this.seed = seed;
  }

  /** A part of the text, and where it begins. */
  private record Term(String text, int at) {
    /** Returns the terms between separators. */
    List<Term> split(char separator) {
      List<Term> terms = new ArrayList<>();
      int from = at;
      for (String term : Splitter.on(separator).split(text)) {
        terms.add(new Term(term, from));
        from += term.length() + 1;
      }
      return terms;
    }

    /** Returns the text behind the first {@code n} characters. */
    Term behind(int n) {
      return new Term(text.substring(Math.min(n, text.length())), at + n);
    }
  }

  StatisticSpec parse() {
    if (text.length() > MAX_CHARACTERS) {
      throw UsageException.of(
          "the statistic has %d characters, need at most %d", text.length(), MAX_CHARACTERS);
    }
    Map<String, Integer> seen = new HashMap<>();
    for (Term term : new Term(text, 0).split('+')) {
      int colon = term.text().indexOf(':');
      String name = colon < 0 ? term.text() : term.text().substring(0, colon);
      if (seen.put(name, term.at()) != null) {
        throw wrong(term.at(), "'" + name + "' stands here a second time");
      }
      part(name, term, term.behind(name.length() + 1), colon >= 0);
    }
    return new StatisticSpec(
        topK,
        Optional.ofNullable(topP),
        Optional.ofNullable(sample),
        Optional.ofNullable(forced),
        target,
        normalisersAt);
  }

  private void part(String name, Term term, Term value, boolean hasValue) {
    boolean needsValue = !name.equals("target");
    switch (name) {
      case "top-k", "top-p", "sample", "forced", "normaliser-at", "target" -> {
        if (hasValue != needsValue) {
          throw wrong(
              term.at() + name.length(),
              needsValue ? "need ':' and a value; parts are " + PARTS : "'target' takes no value");
        }
      }
      default ->
          throw wrong(
              term.at(),
              (name.isEmpty() ? "need a part" : "no part is named '" + name + "'")
                  + "; parts are "
                  + PARTS);
    }
    switch (name) {
      case "top-k" -> {
        topK = (int) whole(value, 1, Integer.MAX_VALUE);
      }
      case "top-p" -> topP(value);
      case "sample" -> sample(value);
      case "forced" -> {
        if (value.text().isEmpty()) {
          throw wrong(value.at(), "need a file of token ids");
        }
        forced = value.text();
      }
      case "target" -> target = true;
      default -> {
        var temperatures = value.split(',').stream().map(this::real).sorted().toList();
        normalisersAt = ImmutableList.copyOf(temperatures);
        checked(value.at(), () -> StatisticSpec.ofTopK(1).withNormalisersAt(normalisersAt));
      }
    }
  }

  private void topP(Term value) {
    List<Term> terms = value.split(',');
    double mass = real(terms.get(0));
    Map<String, Term> settings = settings(terms, List.of("max"));
    Term max = settings.get("max");
    if (max == null) {
      throw wrong(
          value.at() + value.text().length(), "need ',max=M', the most entries of a position");
    }
    checked(value.at(), () -> new TopP(mass, 1));
    topP = new TopP(mass, (int) whole(max, 1, Integer.MAX_VALUE));
  }

  private void sample(Term value) {
    List<Term> terms = value.split(',');
    int draws = (int) whole(terms.get(0), 1, Sample.MAX_DRAWS);
    Map<String, Term> settings = settings(terms, List.of("temperature", "seed"));
    Term temperature = settings.get("temperature");
    Term own = settings.get("seed");
    double degrees = temperature == null ? 1 : real(temperature);
    long drawn = own == null ? seed : whole(own, Long.MIN_VALUE, Long.MAX_VALUE);
    sample =
        checked(
            temperature == null ? value.at() : temperature.at(),
            () -> new Sample(draws, degrees, drawn));
  }

  /** Returns the terms behind the first, each {@code key=value} with a known key. */
  private Map<String, Term> settings(List<Term> terms, List<String> known) {
    Map<String, Term> settings = new HashMap<>();
    for (Term term : terms.subList(1, terms.size())) {
      int equals = term.text().indexOf('=');
      String key = equals < 0 ? term.text() : term.text().substring(0, equals);
      if (equals < 0 || !known.contains(key)) {
        throw wrong(term.at(), "need " + String.join("= or ", known) + "=");
      }
      if (settings.put(key, term.behind(equals + 1)) != null) {
        throw wrong(term.at(), "'" + key + "' stands here a second time");
      }
    }
    return settings;
  }

  private long whole(Term term, long min, long max) {
    try {
      long value = Long.parseLong(term.text());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(term.at(), "'" + term.text() + "' is no whole number");
    }
    throw wrong(term.at(), term.text() + " is out of range: need " + min + " to " + max);
  }

  private double real(Term term) {
    try {
      return Double.parseDouble(term.text());
    } catch (NumberFormatException e) {
      throw wrong(term.at(), "'" + term.text() + "' is no number");
    }
  }

  /** Returns the value, or points at what a rule of the spec refuses. */
  private <T> T checked(int at, Supplier<T> made) {
    try {
      return made.get();
    } catch (UsageException e) {
      throw wrong(at, String.valueOf(e.getMessage()));
    }
  }

  private UsageException wrong(int at, String reason) {
    return UsageException.of(
        "the statistic is not understood at character %d:%n  %s%n  %s^ %s",
        at + 1, text, " ".repeat(at), reason);
  }
}

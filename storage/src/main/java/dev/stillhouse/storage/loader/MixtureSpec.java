package dev.stillhouse.storage.loader;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static dev.stillhouse.storage.loader.Mixture.PERIOD;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sources of a mixture and their shares: {@code NAME:WEIGHT,NAME:WEIGHT}. A name may have
 * colons ({@code s3://bucket/prefix:0.7}: the last colon counts) and no comma. Weights are relative
 * to one another.
 *
 * @param names of the sources, each once
 * @param shares samples of each source in {@link Mixture#PERIOD}, which they add up to; 0 where the
 *     weight is 0
 */
@PublicApi
public record MixtureSpec(ImmutableList<String> names, ImmutableList<Integer> shares) {
  private static final int MAX_CHARACTERS = 65_536;
  private static final int MAX_SHOWN = 100;
  private static final Pattern NUMBER =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?");

  public MixtureSpec {
    checkArgument(
        names.size() == shares.size() && shares.stream().mapToLong(m -> m).sum() == PERIOD,
        "MixtureSpec: names=%s shares=%s",
        names,
        shares);
  }

  /**
   * Reads the text form.
   *
   * @throws dev.stillhouse.storage.UsageException if it is none
   */
  public static MixtureSpec parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw UsageException.of(
          "the mixture has %d characters, need at most %d", text.length(), MAX_CHARACTERS);
    }
    List<String> names = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (String part : Splitter.on(',').split(text)) {
      int colon = part.lastIndexOf(':');
      if (colon < 1) {
        throw UsageException.of(
            "mixture: '%s' is no NAME:WEIGHT; a mixture is NAME:WEIGHT,NAME:WEIGHT", shown(part));
      }
      String name = part.substring(0, colon);
      String weight = part.substring(colon + 1);
      if (!NUMBER.matcher(weight).matches()) {
        throw UsageException.of(
            "mixture: the weight of %s is '%s'; need a number, 0 or more, behind the last ':'",
            shown(name), shown(weight));
      }
      names.add(name);
      weights.add(Double.parseDouble(weight));
    }
    return of(names, weights);
  }

  /**
   * Returns a mixture by weights.
   *
   * @param weights one for each name: finite, 0 or more, not all 0
   * @throws dev.stillhouse.storage.UsageException if they are not
   */
  public static MixtureSpec of(List<String> names, List<Double> weights) {
    checkArgument(
        names.size() == weights.size(), "%s names, %s weights", names.size(), weights.size());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      double weight = weights.get(i);
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw UsageException.of(
            "mixture: the weight of %s is %s; need a finite number, 0 or more",
            shown(names.get(i)), weight);
      }
      if (!seen.add(names.get(i))) {
        throw UsageException.of(
            "mixture: %s stands there twice; add its weights up", shown(names.get(i)));
      }
    }
    return new MixtureSpec(ImmutableList.copyOf(names), shares(names, weights));
  }

  /** Returns the text form, with the shares as weights. */
  public String text() {
    return IntStream.range(0, names.size())
        .mapToObj(i -> names.get(i) + ":" + decimal(shares.get(i)))
        .collect(Collectors.joining(","));
  }

  /** Returns the mixture of these shares. */
  Mixture mixture(long seed) {
    return new Mixture(shares, seed);
  }

  /**
   * Returns the shares by the largest remainder (Hamilton's method). Of equal remainders the first
   * source's counts.
   */
  private static ImmutableList<Integer> shares(List<String> names, List<Double> weights) {
    double largest = weights.isEmpty() ? 0 : Collections.max(weights);
    if (largest == 0) {
      throw UsageException.of("mixture: all weights are 0; need one above");
    }
    double sum = weights.stream().mapToDouble(w -> w / largest).sum();
    double[] exact = weights.stream().mapToDouble(w -> w / largest / sum * PERIOD).toArray();
    int[] shares = Arrays.stream(exact).mapToInt(x -> (int) x).toArray();
    IntStream.range(0, exact.length)
        .filter(i -> exact[i] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> shares[i] - exact[i]))
        .limit(PERIOD - Arrays.stream(shares).sum())
        .forEach(i -> shares[i]++);
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] == 0 && weights.get(i) > 0) {
        throw UsageException.of(
            "mixture: %s with weight %s would get none of %d samples; need at least 1/%d of the sum"
                + " of all weights, or 0",
            shown(names.get(i)), weights.get(i), PERIOD, PERIOD);
      }
    }
    return Arrays.stream(shares).boxed().collect(toImmutableList());
  }

  private static String decimal(int share) {
    return share == PERIOD
        ? "1"
        : BigDecimal.valueOf(share, 4).stripTrailingZeros().toPlainString();
  }

  private static String shown(String text) {
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
  }
}

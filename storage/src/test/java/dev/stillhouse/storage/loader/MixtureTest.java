package dev.stillhouse.storage.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.loader.Mixture.SourceIndex;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MixtureTest {
  /** Each source's samples come once each and in order, and each period has its exact shares. */
  @Property(tries = 30)
  void everySampleOfASourceComesOnceAndInOrder(
      @ForAll @Size(min = 1, max = 7) List<@DoubleRange(min = 0.01, max = 10) Double> weights,
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / Mixture.PERIOD - 3) long period) {
    Mixture mixture = mixture(weights, seed);
    long first = period * Mixture.PERIOD;
    long[] next = taken(mixture, first);
    long[] start = next.clone();
    for (long sample = first; sample < first + 2 * Mixture.PERIOD; sample++) {
      if (sample % 997 == 0) {
        assertArrayEquals(next, taken(mixture, sample));
      }
      SourceIndex place = mixture.at(sample);
      assertEquals(next[place.source()]++, place.index());
    }
    for (int source = 0; source < next.length; source++) {
      assertEquals(period * mixture.shares().get(source), start[source]);
      assertEquals(2L * mixture.shares().get(source), next[source] - start[source]);
    }
  }

  @Property(tries = 200)
  void anySampleIsAsGoodAsTheFirst(
      @ForAll @LongRange(min = 0) long sample, @ForAll @LongRange(min = 0) long other) {
    Mixture mixture = mixture(List.of(0.7, 0.0, 0.3), 1);
    SourceIndex place = mixture.at(sample);
    mixture.at(other);
    assertEquals(place, mixture.at(sample));
    assertEquals(place.index(), mixture.taken(place.source(), sample));
    assertTrue(place.source() != 1, "a source without weight");
  }

  /** Sources alternate as at random: runs of a fair mixture are about half as many as samples. */
  @Test
  void sourcesAreWellMixed() {
    Mixture mixture = mixture(List.of(1.0, 1.0), 3);
    int samples = 10 * Mixture.PERIOD;
    double changes =
        IntStream.range(1, samples)
            .filter(g -> mixture.at(g).source() != mixture.at(g - 1).source())
            .count();
    double sigmas = (changes - samples / 2.0) / Math.sqrt(samples / 4.0);
    assertTrue(Math.abs(sigmas) < 5, sigmas + " sigma");
  }

  @Test
  void seedAndSharesMakeAnotherOrderAndPeriodsDiffer() {
    String order = sources(mixture(List.of(0.5, 0.5), 1), 0);
    assertEquals(order, sources(mixture(List.of(2.0, 2.0), 1), 0));
    assertNotEquals(order, sources(mixture(List.of(0.5, 0.5), 2), 0));
    assertNotEquals(order, sources(mixture(List.of(0.5, 0.5), 1), Mixture.PERIOD));
    assertNotEquals(order, sources(mixture(List.of(0.5, 0.5, 0.0), 1), 0));
  }

  /** Cursors depend on these; the values are those of a second implementation, in Python. */
  @Test
  void theMixtureIsTheOneWrittenDown() {
    Mixture mixture = mixture(List.of(0.7, 0.3), 1);
    assertEquals("001000000001", sources(mixture, 0).substring(0, 12));
    assertEquals(new SourceIndex(0, 35_084), mixture.at(50_123));
    assertEquals(new SourceIndex(1, 15_039), mixture.at(50_124));
    assertEquals(new SourceIndex(1, 7499), mixture(List.of(2.0, 1.0, 1.0), -3).at(29_999));
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Mixture(List.of(9999), 0));
    assertThrows(IllegalArgumentException.class, () -> new Mixture(List.of(10_001, -1), 0));
    Mixture one = new Mixture(List.of(Mixture.PERIOD), 0);
    assertThrows(IllegalArgumentException.class, () -> one.at(-1));
    assertThrows(IllegalArgumentException.class, () -> one.taken(0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> one.taken(1, 0));
    assertEquals(new SourceIndex(0, Long.MAX_VALUE), one.at(Long.MAX_VALUE));
  }

  private static Mixture mixture(List<Double> weights, long seed) {
    List<String> names = Stream.iterate("a", name -> name + "a").limit(weights.size()).toList();
    return MixtureSpec.of(names, weights).mixture(seed);
  }

  private static long[] taken(Mixture mixture, long samples) {
    return IntStream.range(0, mixture.shares().size())
        .mapToLong(source -> mixture.taken(source, samples))
        .toArray();
  }

  private static String sources(Mixture mixture, long first) {
    StringBuilder sources = new StringBuilder();
    for (long g = first; g < first + 100; g++) {
      sources.append(mixture.at(g).source());
    }
    return sources.toString();
  }
}

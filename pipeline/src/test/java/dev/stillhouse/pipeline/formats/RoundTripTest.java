package dev.stillhouse.pipeline.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What is exported and imported again is what it was, as far as the format has a place for it. */
class RoundTripTest {
  /** Formats with all of our scalars give the same values, to the last bit. */
  @Property(tries = 12)
  void formatsOfOurOwnNamesKeepAll(
      @ForAll @LongRange(min = 0, max = 1000) long seed, @ForAll @IntRange(min = 1, max = 9) int k)
      throws IOException {
    Path folder = Files.createTempDirectory("round");
    Path in = folder.resolve("in");
    Manifest first = imported(folder, in, ToolSequence.some(seed, 7, k));
    StatisticsBatch before = Imports.all(in);
    for (String format : List.of("jsonl", "parquet")) {
      Path file = folder.resolve("out." + format);
      assertEquals(List.of(), Imports.export(format, in, file).losses());
      Path back = folder.resolve("back-" + format);
      String[] names =
          format.equals("parquet")
              ? new String[] {"ids", "entries.id", "log_probs", "entries.log_prob"}
              : new String[0];
      Manifest again = Imports.run(format, file, back, Alignment.NEXT, names);
      assertEquals(first.fingerprint(), again.fingerprint());
      same(before, Imports.all(back), 0);
      assertEquals(List.of(), Imports.verify(back));
    }
  }

  /** TRL's form loses the tail, which follows again, and the last position of a segment. */
  @Property(tries = 8)
  void trlKeepsEntries(@ForAll @LongRange(min = 0, max = 1000) long seed) throws IOException {
    Path folder = Files.createTempDirectory("round");
    Path in = folder.resolve("in");
    Manifest first = imported(folder, in, ToolSequence.some(seed, 5, 6));
    Path file = folder.resolve("out.jsonl");
    assertTrue(Imports.export("trl", in, file).losses().size() >= 3);
    Path back = folder.resolve("back");
    Manifest again = Imports.run("trl", file, back, Alignment.END);
    assertEquals(first.fingerprint(), again.fingerprint());
    StatisticsBatch one = Imports.all(in);
    StatisticsBatch two = Imports.all(back);
    for (int slot = 0; slot < one.tokens().slots(); slot++) {
      if (one.tokens().target(slot) >= 0) {
        entries(one, two, slot, 0);
        assertEquals(one.targetLogProb()[slot], two.targetLogProb()[slot]);
      }
    }
    assertEquals(List.of(), Imports.verify(back));
  }

  /** Axolotl's columns are normalised over the kept entries, and their rows are shifted. */
  @Property(tries = 8)
  void axolotlKeepsIdsAndRatios(@ForAll @LongRange(min = 0, max = 1000) long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("round");
    Path in = folder.resolve("in");
    imported(folder, in, ToolSequence.some(seed, 5, 6));
    Path file = folder.resolve("out.parquet");
    Imports.export("axolotl", in, file);
    Path back = folder.resolve("back");
    Manifest again = Imports.run("axolotl", file, back, Alignment.SELF);
    assertEquals("kept", again.imported().get(0).normalised());
    StatisticsBatch one = Imports.all(in);
    StatisticsBatch two = Imports.all(back);
    for (int slot = 0; slot < one.tokens().slots(); slot++) {
      if (one.tokens().target(slot) < 0) {
        continue;
      }
      int a = one.offsets()[slot];
      int b = two.offsets()[slot];
      assertEquals(one.offsets()[slot + 1] - a, two.offsets()[slot + 1] - b);
      for (int e = 0; e < one.offsets()[slot + 1] - a; e++) {
        assertEquals(one.ids()[a + e], two.ids()[b + e]);
        assertEquals(
            one.logProbs()[a + e] - one.logProbs()[a],
            two.logProbs()[b + e] - two.logProbs()[b],
            1e-5);
      }
    }
    assertEquals(List.of(), Imports.verify(back));
  }

  private static Manifest imported(Path folder, Path in, List<ToolSequence> kept)
      throws IOException {
    Path file = ToolSequence.jsonl(folder.resolve("in.jsonl"), kept);
    return Imports.run("jsonl", file, in, Alignment.NEXT);
  }

  private static void same(StatisticsBatch one, StatisticsBatch two, double delta) {
    assertArrayEquals(one.tokens().tokens(), two.tokens().tokens());
    assertArrayEquals(one.tokens().segments(), two.tokens().segments());
    for (int slot = 0; slot < one.tokens().slots(); slot++) {
      entries(one, two, slot, delta);
    }
    assertArrayEquals(one.logTail(), two.logTail());
    assertArrayEquals(one.targetLogProb(), two.targetLogProb());
  }

  private static void entries(StatisticsBatch one, StatisticsBatch two, int slot, double delta) {
    int a = one.offsets()[slot];
    int b = two.offsets()[slot];
    int count = one.offsets()[slot + 1] - a;
    assertEquals(count, two.offsets()[slot + 1] - b);
    for (int e = 0; e < count; e++) {
      assertEquals(one.ids()[a + e], two.ids()[b + e]);
      assertEquals(one.logProbs()[a + e], two.logProbs()[b + e], delta);
    }
  }
}

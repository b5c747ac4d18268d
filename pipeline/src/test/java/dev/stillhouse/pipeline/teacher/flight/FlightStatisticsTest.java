package dev.stillhouse.pipeline.teacher.flight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From equal logits every way gives the entries of the kernel here, and near log-probs. */
@Timeout(180)
class FlightStatisticsTest {
  /** Nats: the kernel's exponentials are of float32. */
  private static final double NEAR = 4e-6;

  private static final ImmutableIntArray FORCED = ImmutableIntArray.of(0, 5, 996);
  private static final TokenBatch BATCH = text(20, 64);

  static final List<String> STATISTICS =
      List.of(
          "top-k:1",
          "top-k:64",
          "top-k:997",
          "top-p:0.9,max=40",
          "top-p:1.0,max=997",
          "sample:9,seed=5",
          "target",
          "forced:ids",
          "top-k:8+normaliser-at:0.5,2.0",
          "top-k:8+top-p:0.5,max=20+sample:50,temperature=2.0,seed=-7+forced:ids+target"
              + "+normaliser-at:2.0,4.0",
          "sample:16,temperature=0.7,seed=9223372036854775807+target");

  /** Returns sequences of random tokens, of segments of random lengths. */
  static TokenBatch text(int sequences, int length) {
    Random random = new Random(3);
    int[] tokens = random.ints((long) sequences * length, 0, HashModel.V).toArray();
    int[] segments = new int[tokens.length];
    for (int i = 1; i < segments.length; i++) {
      boolean next = i % length != 0 && random.nextInt(10) == 0;
      segments[i] = i % length == 0 ? 0 : segments[i - 1] + (next ? 1 : 0);
    }
    Arrays.fill(segments, segments.length - 7, segments.length, TokenBatch.PADDING);
    return new TokenBatch(1L << 33, length, tokens, segments);
  }

  @Test
  void aServerInThisLanguage() throws IOException {
    try (FakeServer server = new FakeServer()) {
      compare(server.name(), STATISTICS);
    }
  }

  @Test
  void numpy() throws IOException {
    try (PythonTeacher server = PythonTeacher.hashModel()) {
      compare(server.name.substring("flight:".length()), STATISTICS);
    }
  }

  @Test
  void torch() throws IOException {
    PythonTeacher.assumeModule("torch");
    try (PythonTeacher server =
        PythonTeacher.start(
            List.of("--module", "src/test/resources/flight/hash_torch.py:logits"))) {
      compare(server.name.substring("flight:".length()), STATISTICS.subList(8, 11));
    }
  }

  @Test
  void smallForwardPassesChangeNothing() throws IOException {
    try (PythonTeacher server = PythonTeacher.hashModel("--max-tokens", "30")) {
      compare(server.name.substring("flight:".length()), STATISTICS.subList(8, 11));
    }
  }

  private static void compare(String servers, List<String> texts) {
    for (String text : texts) {
      StatisticSpec spec = StatisticSpec.parse(text);
      for (int vocabulary : new int[] {HashModel.V, 997 - 100}) {
        boolean whole = vocabulary == HashModel.V;
        if (spec.maxTop() > vocabulary || (!whole && spec.forced().isPresent())) {
          continue;
        }
        compare(servers, spec, vocabulary);
      }
    }
  }

  private static void compare(String servers, StatisticSpec spec, int vocabulary) {
    ImmutableIntArray forced = spec.forced().isPresent() ? FORCED : ImmutableIntArray.of();
    TokenBatch batch = vocabulary == HashModel.V ? BATCH : below(vocabulary);
    Selection selection = new Selection(vocabulary, spec, forced);
    StatisticsBatch expected = new StatisticsAssembler(new HashModel(), selection).read(batch);
    try (Teacher teacher = new FlightProvider().open(servers, Optional.empty());
        Teacher dense = new FlightProvider().open(servers + ",dense=own", Optional.empty())) {
      ((ReducedTeacher) teacher).check(selection);
      near(spec, expected, ((ReducedTeacher) teacher).read(batch, selection));
      StatisticsBatch whole = new StatisticsAssembler((DenseTeacher) dense, selection).read(batch);
      near(spec, expected, whole);
      assertArrayEquals(expected.logTail(), whole.logTail(), "the same kernel");
    }
  }

  private static TokenBatch below(int vocabulary) {
    int[] tokens = Arrays.stream(BATCH.tokens()).map(id -> id % vocabulary).toArray();
    return new TokenBatch(BATCH.firstSequence(), BATCH.length(), tokens, BATCH.segments());
  }

  /** Compares two answers of equal logits. */
  static void near(StatisticSpec spec, StatisticsBatch expected, StatisticsBatch told) {
    assertArrayEquals(expected.offsets(), told.offsets(), spec + ": entries");
    int n = expected.entries();
    assertArrayEquals(
        Arrays.copyOf(expected.ids(), n), Arrays.copyOf(told.ids(), n), spec + ": ids");
    if (spec.hasReasons()) {
      assertArrayEquals(
          Arrays.copyOf(expected.provenance().reasons(), n),
          Arrays.copyOf(told.provenance().reasons(), n),
          spec + ": reasons");
    }
    if (spec.hasCounts()) {
      assertArrayEquals(
          Arrays.copyOf(expected.provenance().counts(), n),
          Arrays.copyOf(told.provenance().counts(), n),
          spec + ": counts");
    }
    if (spec.hasProposals()) {
      near(
          spec,
          Arrays.copyOf(expected.provenance().logProposals(), n),
          told.provenance().logProposals());
    }
    near(spec, Arrays.copyOf(expected.logProbs(), n), told.logProbs());
    near(spec, expected.logTail(), told.logTail());
    near(spec, expected.entropy(), told.entropy());
    near(spec, expected.logNormaliser(), told.logNormaliser());
    near(spec, expected.targetLogProb(), told.targetLogProb());
    for (int i = 0; i < expected.further().length; i++) {
      near(spec, expected.further()[i], told.further()[i]);
    }
  }

  private static void near(StatisticSpec spec, float[] expected, float[] told) {
    for (int i = 0; i < expected.length; i++) {
      if (Float.compare(expected[i], told[i]) != 0) {
        double rounding = Math.ulp(expected[i]);
        assertEquals(expected[i], told[i], NEAR + rounding, spec + ": value " + i);
      }
    }
  }

  @Test
  void whatDrawsAndTargetsKeepRaisesNoDoubt() throws IOException {
    try (FakeServer server = new FakeServer();
        Teacher teacher = new FlightProvider().open(server.name(), Optional.empty())) {
      for (String text : List.of("top-k:4+sample:4+target", "sample:5", "target")) {
        StatisticSpec spec = StatisticSpec.parse(text);
        Selection selection = new Selection(HashModel.V, spec, ImmutableIntArray.of());
        assertEquals(List.of(), TeacherCheck.of(teacher, BATCH, selection), text);
      }
    }
  }

  @Test
  void longSegmentsAreReadInWindows() throws IOException {
    try (FakeServer server = new FakeServer()) {
      server.hello.put("context", 16);
      StatisticSpec spec = StatisticSpec.parse("top-k:3+target+sample:4");
      try (Teacher teacher = new FlightProvider().open(server.name(), Optional.empty());
          Teacher longer =
              new FlightProvider().open(server.name() + ",context=12,stride=3", Optional.empty())) {
        for (Teacher each : List.of(teacher, longer)) {
          StatisticsBatch told =
              ((ReducedTeacher) each)
                  .read(BATCH, new Selection(HashModel.V, spec, ImmutableIntArray.of()));
          assertEquals(BATCH.positions(), rows(told));
        }
        assertTrue(teacher.fingerprint().endsWith("window=16 stride=8"), teacher.fingerprint());
        assertTrue(longer.fingerprint().endsWith("window=12 stride=3"), longer.fingerprint());
      }
      assertThrows(
          dev.stillhouse.storage.DataException.class,
          () -> new FlightProvider().open(server.name() + ",context=17", Optional.empty()));
      assertThrows(
          UsageException.class,
          () -> new FlightProvider().open(server.name() + ",stride=17", Optional.empty()));
    }
  }

  private static int rows(StatisticsBatch told) {
    int rows = 0;
    for (float tail : told.logTail()) {
      rows += Float.isNaN(tail) ? 0 : 1;
    }
    return rows;
  }
}

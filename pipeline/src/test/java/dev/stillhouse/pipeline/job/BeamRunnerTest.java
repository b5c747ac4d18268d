package dev.stillhouse.pipeline.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a worker throws (a reader, a tokenizer, a teacher, a layout), the caller is told. */
class BeamRunnerTest {
  /** Throws in the setup, or at its third element. */
  static final class Failing extends DoFn<Integer, Void> {
    private static final long serialVersionUID = 1;

    private final String error;
    private final boolean setup;

    Failing(String error, boolean setup) {
      this.error = error;
      this.setup = setup;
    }

    @Setup
    public void setup() {
      if (setup) {
        fail();
      }
    }

    @ProcessElement
    public void process(@Element Integer element) {
      if (element >= 2) {
        fail();
      }
    }

    private void fail() {
      switch (error) {
        case "memory" -> throw new OutOfMemoryError("Java heap space");
        case "stack" -> throw new StackOverflowError();
        case "class" -> throw new NoClassDefFoundError("some/Library");
        case "link" -> throw new UnsatisfiedLinkError("libsome.so: failed to map segment");
        case "second" -> // What Java says when a class that failed to load is needed again.
            throw new NoClassDefFoundError(
                "Exception java.lang.UnsatisfiedLinkError: libsome.so: failed [in thread \"x\"]");
        case "assertion" -> throw new AssertionError("cannot be");
        default -> throw new IllegalStateException("a state");
      }
    }
  }

  @ParameterizedTest
  @Timeout(120)
  @CsvSource({
    "memory, Job failed: the heap of",
    "stack, Job failed: something is nested too deep",
    "class, Job failed: a library cannot be loaded (some/Library)",
    "link, Job failed: a library cannot be loaded (libsome.so: failed to map segment)",
    "second, Job failed: a library cannot be loaded (libsome.so: failed [in thread \"x\"])",
    "assertion, cannot be",
    "state, a state",
  })
  void whateverAWorkerThrowsIsTold(String error, String words) {
    for (boolean setup : new boolean[] {false, true}) {
      Meter meter = new Meter();
      List<Integer> elements = IntStream.range(0, 8).boxed().toList();
      DataException e =
          assertThrows(
              DataException.class,
              () ->
                  BeamRunner.run(
                      "Job", Integer.class, elements, new Failing(error, setup), meter, List.of()));
      assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
      assertTrue(meter.stopping(), "others were asked to stop");
    }
  }

  @ParameterizedTest
  @CsvSource({"--runner, true", "--targetParallelism, true", "--statistics, false"})
  void optionsOfBeamAreKnown(String name, boolean known) {
    assertEquals(known, BeamRunner.knows(name));
  }
}

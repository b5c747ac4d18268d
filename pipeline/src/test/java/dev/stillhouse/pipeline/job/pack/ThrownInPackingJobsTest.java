package dev.stillhouse.pipeline.job.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.DocumentReader;
import dev.stillhouse.pipeline.corpus.FileSplit;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.ThrowingTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.ThrowingLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a tokenizer or a document reader throws ends a whole extraction with words and leaves no
 * dataset. It is none of a document's faults, so that none is skipped for it.
 */
@Timeout(300)
class ThrownInPackingJobsTest {
  private static final String READER = "reader";

  @TempDir Path directory = Path.of("unset");

  /** Packs as a job does, with a tokenizer or a reader that throws. */
  private static final class ThrowingFn extends PackFn {
    private static final long serialVersionUID = 1;

    private final String kind;
    private final String place;

    ThrowingFn(PackPlan plan, String kind, String place) {
      super(plan);
      this.kind = kind;
      this.place = place;
    }

    @Override
    SplitPacking packing(JobOutput output) {
      Error error = ThrowingLayout.error(kind);
      DocumentReader reader =
          (fileSplit, sink) -> {
            throw error;
          };
      return place.equals(READER)
          ? new SplitPacking(plan, output, Tokenizers.named("gpt2"), (f, o, v) -> reader)
          : new SplitPacking(plan, output, ThrowingTokenizer.of(error, place), DocumentReader::of);
    }
  }

  private static ExtractRequest request(CorpusSource corpus, Path out) {
    return new ExtractRequest(
        corpus,
        "synthetic:rows=100,vocabulary=50257",
        "top-k:4",
        "columns",
        out.toString(),
        false,
        List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "memory, failed: the heap of",
    "stack, failed: something is nested too deep",
    "class, failed: a library cannot be loaded (planted)"
  })
  void theJobSaysIt(String kind, String words) throws IOException {
    Path text = Files.writeString(directory.resolve("a.txt"), "Call me Ishmael. ".repeat(20));
    Packing packing = new Packing(16, 8, null);
    List<String> places = new ArrayList<>(ThrowingTokenizer.PLACES);
    places.add(READER);
    for (String place : places) {
      for (boolean skip : new boolean[] {false, true}) {
        CorpusOptions options = CorpusOptions.defaults(null).taking(FileSplit.ALL, 1, skip);
        Path out = directory.resolve(place + skip);
        CorpusSource broken =
            new CorpusSource(List.of(text.toString()), options, Tokenizers.named("gpt2"), packing) {
              @Override
              PackFn fn(PackPlan plan) {
                return new ThrowingFn(plan, kind, place);
              }
            };
        DataException error =
            assertThrows(
                DataException.class, () -> ExtractJob.run(request(broken, out), JobListener.NONE));
        assertTrue(error.getMessage().contains(words), error.getMessage());
        assertFalse(Files.exists(out.resolve("manifests")), "a version is there");
        if (place.equals(READER)) { // The same command, once nothing is thrown.
          CorpusSource whole =
              new CorpusSource(
                  List.of(text.toString()), options, Tokenizers.named("gpt2"), packing);
          ExtractJob.run(request(whole, out), JobListener.NONE);
          try (Dataset dataset = Dataset.open(out.toString())) {
            assertEquals(0, dataset.manifest().skipped().count());
          }
        }
      }
    }
  }
}

package dev.stillhouse.pipeline.corpus;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.ThrowingTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An error of a tokenizer or a document reader is none of the document's: it is not skipped. */
@Timeout(60)
class ThrownInPackingTest {
  @TempDir Path directory = Path.of("unset");

  static Stream<Error> errors() {
    return Stream.of(
        new OutOfMemoryError("planted"),
        new StackOverflowError("planted"),
        new NoClassDefFoundError("planted"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfATokenizerEndsTheUnit(Error error) throws IOException {
    for (String place : ThrowingTokenizer.PLACES) {
      for (String name : List.of("a.txt", "a.jsonl")) {
        thrown(error, name, ThrowingTokenizer.of(error, place), DocumentReader::of);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOfAReaderEndsTheUnit(Error error) throws IOException {
    DocumentReader reader =
        (fileSplit, sink) -> {
          throw error;
        };
    thrown(error, "a.txt", Tokenizers.named("gpt2"), (format, options, vocabulary) -> reader);
  }

  private void thrown(Error error, String name, TextTokenizer tokenizer, Packer.Readers readers)
      throws IOException {
    Path file = Files.writeString(directory.resolve(name), "{\"text\": \"Call me Ishmael.\"}\n");
    for (boolean skip : new boolean[] {false, true}) {
      CorpusOptions options =
          new CorpusOptions("text", true, 2, null).taking(FileSplit.ALL, 1, skip);
      Packer packer = new Packer(new Packing(4, 8, null), options, tokenizer, readers);
      for (CorpusSplit split : CorpusPlan.of(List.of(file.toString()), options).splits()) {
        Error thrown =
            assertThrows(
                Error.class,
                () ->
                    packer.pack(
                        split, (tokens, segments, sources) -> {}, skipped -> {}, bytes -> {}));
        assertSame(error, thrown);
      }
    }
  }
}

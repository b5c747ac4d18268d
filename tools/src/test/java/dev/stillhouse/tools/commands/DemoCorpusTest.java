package dev.stillhouse.tools.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.corpus.TextEncoder;
import dev.stillhouse.pipeline.corpus.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCorpusTest {
  @TempDir Path directory;

  @Test
  void isTheBooksFirstTokensExactly() throws IOException {
    String text = Files.readString(DemoCorpus.write(directory));
    AtomicInteger tokens = new AtomicInteger();
    TextEncoder encoder = Tokenizers.named("gpt2").encoder("demo", id -> tokens.incrementAndGet());
    encoder.text(text);
    encoder.end();
    assertEquals(65_536, tokens.get());
    String book = Files.readString(Path.of("../testdata/moby-dick/moby-dick.txt"));
    assertTrue(book.startsWith(text), "cut within no character");
  }
}

package dev.stillhouse.tools.commands;

import com.google.common.io.Resources;
import dev.stillhouse.pipeline.corpus.TextEncoder;
import dev.stillhouse.pipeline.corpus.TextTokenizer;
import dev.stillhouse.pipeline.corpus.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The demo's text: the first 65,536 GPT-2 tokens of Moby-Dick, from this program's own jar. */
final class DemoCorpus {
  static final int TOKENS = 65_536;
  private static final int ENOUGH_CHARACTERS = 400_000;

  private DemoCorpus() {}

  /** Writes the text into {@code directory}; returns the file. */
  static Path write(Path directory) throws IOException {
    String whole =
        Resources.toString(Resources.getResource("demo/moby-dick.txt"), StandardCharsets.UTF_8);
    TextTokenizer tokenizer = Tokenizers.named("gpt2");
    int[] tokens = encode(tokenizer, whole.substring(0, ENOUGH_CHARACTERS));
    Path file = directory.resolve("moby-dick.txt");
    Files.writeString(file, tokenizer.decode(Arrays.copyOf(tokens, TOKENS)));
    return file;
  }

  private static int[] encode(TextTokenizer tokenizer, String text) {
    List<Integer> tokens = new ArrayList<>();
    TextEncoder encoder = tokenizer.encoder("moby-dick.txt", tokens::add);
    encoder.text(text);
    encoder.end();
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}

package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Ints;
import dev.stillhouse.pipeline.corpus.Corpora;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {
  private static final List<String> NAMES = List.of("gpt2", "cl100k", "o200k");

  private static TiktokenTokenizer tokenizer(String name) {
    return (TiktokenTokenizer) Tokenizers.named(name);
  }

  /** Encodes text given in runs of {@code step} characters, in parts of {@code chunk}. */
  private static int[] encode(String name, String text, int step, int chunk) {
    List<Integer> ids = new ArrayList<>();
    TextEncoder encoder = tokenizer(name).encoder("test", chunk, ids::add);
    for (int from = 0; from < text.length(); from += step) {
      encoder.text(text.substring(from, Math.min(text.length(), from + step)));
    }
    encoder.end();
    return Ints.toArray(ids);
  }

  private static int[] whole(String name, String text) {
    return encode(name, text, Integer.MAX_VALUE / 2, Integer.MAX_VALUE / 2);
  }

  private static String mobyDick() throws IOException {
    return Files.readString(Path.of("../testdata/moby-dick/moby-dick.txt"));
  }

  @Property(tries = 3000)
  void chunksGiveTheIdsOfTheWhole(
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 1, max = 9) int step,
      @ForAll @IntRange(min = 1, max = 20) int chunk) {
    for (String name : NAMES) {
      int[] whole = whole(name, text);
      assertArrayEquals(whole, encode(name, text, step, chunk), name);
      assertEquals(text, tokenizer(name).decode(whole));
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "word",
            "Word",
            "WORD",
            "it's",
            "WE'LL",
            "they’re",
            "'ve",
            "'",
            "’",
            "x'",
            "naïve",
            "e\u0301",
            "\u0301",
            "Ελλ",
            "слово",
            "日本語",
            "ไทย",
            "हिन्दी",
            "ǅ",
            "ʰ",
            "ſ",
            "'ſ",
            "1",
            "42",
            "1234567",
            "½",
            "Ⅷ",
            "٣",
            "3rd",
            " ",
            "  ",
            "     ",
            "\t",
            "\n",
            "\n\n",
            "\r\n",
            "\u00a0",
            "\u3000",
            "\u2028",
            ".",
            ",",
            "...",
            "!?",
            "\n.",
            ".\n",
            "/",
            "//\n",
            "(",
            "-",
            "—",
            "_",
            "😀",
            "👩‍👩‍👧",
            "\ud835\udc00",
            "\ufe0f",
            "\u200b",
            "<|endoftext|>",
            "\0")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "cl100k", "o200k"})
  void chunksOfABookGiveTheIdsOfTheWhole(String name) throws IOException {
    String book = mobyDick();
    int[] whole = whole(name, book);
    assertArrayEquals(whole, encode(name, book, 8192, ChunkedEncoder.CHUNK));
    assertArrayEquals(whole, encode(name, book, 100, 200));
    assertEquals(book, tokenizer(name).decode(whole));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "cl100k", "o200k"})
  void theStatedPatternIsTheOneThatSplits(String name) throws IOException {
    String text = mobyDick().substring(0, 100_000) + "\r\n  WE'LL 12345½ a//\n\n\n   x\t\u3000 ";
    TiktokenModel model =
        Arrays.stream(TiktokenModel.values())
            .filter(m -> m.id().equals(name))
            .findAny()
            .orElseThrow();
    Matcher pieces = Pattern.compile(model.pattern, Pattern.UNICODE_CHARACTER_CLASS).matcher(text);
    List<Integer> ids = new ArrayList<>();
    while (pieces.find()) {
      ids.addAll(Ints.asList(whole(name, pieces.group())));
    }
    assertArrayEquals(whole(name, text), Ints.toArray(ids));
  }

  @Test
  void vocabulariesAreThePublishedOnes() {
    assertEquals(50257, tokenizer("gpt2").vocabulary());
    assertEquals(50256, tokenizer("gpt2").endToken());
    assertEquals(100277, tokenizer("cl100k").vocabulary());
    assertEquals(100257, tokenizer("cl100k").endToken());
    assertEquals(200019, tokenizer("o200k").vocabulary());
    assertEquals(199999, tokenizer("o200k").endToken());
    assertArrayEquals(new int[] {15496, 995}, whole("gpt2", "Hello world"));
    assertArrayEquals(new int[] {9906, 1917}, whole("cl100k", "Hello world"));
    assertArrayEquals(new int[] {13225, 2375}, whole("o200k", "Hello world"));
  }

  @Test
  void fingerprintsNeverChange() {
    assertEquals(
        "55a58911e12bd4ed90390ecca51d4731c8e5c96b887c8a6b61cf9c5ab20523ba",
        tokenizer("gpt2").fingerprint());
    assertEquals(
        "edc65a034cb6ef2e8e372f3e32f61befb83cb2d7d9d1517711ebab15633e701d",
        tokenizer("cl100k").fingerprint());
    assertEquals(
        "65cc1089a3acd9a7184473b2fef9a542b3f04016944bed8c94f631c11bde67ba",
        tokenizer("o200k").fingerprint());
  }

  @Test
  void idsCanBeShown() {
    TextTokenizer cl100k = Tokenizers.named("cl100k");
    assertArrayEquals(" world".getBytes(UTF_8), cl100k.decode(1917));
    assertArrayEquals("<|endoftext|>".getBytes(UTF_8), cl100k.decode(100257));
    assertArrayEquals(new byte[0], cl100k.decode(100261));
    String message = Corpora.failure(IllegalArgumentException.class, () -> cl100k.decode(100277));
    assertTrue(message.contains("100277 is outside"), message);
    assertArrayEquals(new int[0], whole("gpt2", ""));
  }

  @Test
  void namesOfSpecialTokensInTextAreText() {
    for (String name : NAMES) {
      assertTrue(whole(name, "<|endoftext|>").length > 1);
    }
  }

  @Test
  void tokenizersAreKeptAndUnknownNamesListThem() {
    assertSame(Tokenizers.named("gpt2"), Tokenizers.named("gpt2"));
    String message = Corpora.failure(UsageException.class, () -> Tokenizers.named("gtp2"));
    assertEquals(
        "no tokenizer named 'gtp2'; present: [cl100k, gpt2, o200k], or a Hugging Face tokenizer:"
            + " FILE.json",
        message);
  }

  @Test
  void textWithoutAPlaceToCutIsRefused() {
    ChunkedEncoder encoder = new ChunkedEncoder("a.txt: document 3", 10, 100, part -> {});
    String message = Corpora.failure(DataException.class, () -> encoder.text("-".repeat(1000)));
    assertTrue(message.contains("a.txt: document 3: more than 100 characters"), message);
  }

  @Test
  void gpt2IdsAreThoseOfTiktoken() throws IOException {
    String data = System.getenv("STILLHOUSE_DATA");
    Path ids = Path.of(data == null ? "" : data, "tokens/tinyshakespeare-200000.gpt2.u16.bin");
    Assumptions.assumeTrue(
        data != null && Files.exists(ids),
        "skipped: STILLHOUSE_DATA names no folder with tokens/tinyshakespeare-200000.gpt2.u16.bin");
    byte[] text =
        Arrays.copyOf(
            Files.readAllBytes(Path.of(String.valueOf(data), "corpora/tinyshakespeare.txt")),
            200_000);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(ids)).order(ByteOrder.LITTLE_ENDIAN);
    int[] expected = new int[bytes.remaining() / 2];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Short.toUnsignedInt(bytes.getShort());
    }
    assertArrayEquals(expected, encode("gpt2", new String(text, UTF_8), 1000, 4096));
  }
}

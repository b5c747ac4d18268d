package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Ints;
import dev.stillhouse.pipeline.corpus.Corpora;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class JsonTokenizerTest {
  private static final JsonTokenizer BYTE_LEVEL = tokenizer(TokenizerJsons.byteLevel());
  private static final JsonTokenizer BYTE_FALLBACK = tokenizer(TokenizerJsons.byteFallback());

  private static JsonTokenizer tokenizer(ObjectNode json) {
    return new JsonTokenizer(TokenizerJsons.file(json));
  }

  private static JsonTokenizer withSpecial(ObjectNode json) {
    String wrapped = "{\"specialTokens\":true,\"tokenizer\":" + json + "}";
    return new JsonTokenizer(new TokenizerFile("tokenizer.json", wrapped.getBytes(UTF_8)));
  }

  /** Encodes text given in runs of {@code step} characters, in parts of {@code chunk}. */
  private static int[] encode(JsonTokenizer tokenizer, String text, int step, int chunk) {
    List<Integer> ids = new ArrayList<>();
    TextEncoder encoder = tokenizer.encoder("test", chunk, ids::add);
    for (int from = 0; from < text.length(); from += step) {
      encoder.text(text.substring(from, Math.min(text.length(), from + step)));
    }
    encoder.end();
    return Ints.toArray(ids);
  }

  private static int[] whole(JsonTokenizer tokenizer, String text) {
    return encode(tokenizer, text, Integer.MAX_VALUE / 2, Integer.MAX_VALUE / 2);
  }

  private static Path data(String file) {
    String data = System.getenv("STILLHOUSE_DATA");
    Path path = Path.of(data == null ? "" : data, file);
    Assumptions.assumeTrue(
        data != null && Files.exists(path),
        "skipped: STILLHOUSE_DATA names no folder with " + file);
    return path;
  }

  @Property(tries = 1500)
  void chunksGiveTheIdsOfTheWhole(
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 1, max = 9) int step,
      @ForAll @IntRange(min = 1, max = 20) int chunk) {
    for (JsonTokenizer tokenizer :
        List.of(BYTE_LEVEL, BYTE_FALLBACK, Variants.QWEN, Variants.TOKENS)) {
      int[] whole = whole(tokenizer, text);
      assertArrayEquals(whole, encode(tokenizer, text, step, chunk));
      if (tokenizer == BYTE_LEVEL) {
        assertEquals(text, tokenizer.decode(whole));
      }
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "the",
            "The",
            "wor",
            "12",
            "1234",
            "it's",
            "'s",
            "'",
            "’",
            "e\u0301",
            "\u0301",
            "日本語",
            "ไทย",
            "हिन्दी",
            "가",
            "\u1100\u1161",
            " ",
            "  ",
            "   ",
            "\t",
            "\n",
            "\r\n",
            "\u00a0",
            ".",
            ",",
            "!?",
            "/",
            "😀",
            "\ud835\udc00",
            "\u200b",
            "<|endoftext|>",
            "<s>",
            "<tool>",
            "\0",
            "Å",
            "\u212b",
            "\u0870",
            "½")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  /** Byte-level ones that are cut although they are not GPT-2's. */
  private static final class Variants {
    /** NFC, a known split, digits one by one. */
    static final JsonTokenizer QWEN = tokenizer(qwen());

    /** A token that is text and holds no cut place. */
    static final JsonTokenizer TOKENS =
        tokenizer(TokenizerJsons.add(TokenizerJsons.byteLevel(), 268, "   ", false));

    static ObjectNode qwen() {
      ObjectNode json = TokenizerJsons.byteLevel();
      json.set("normalizer", TokenizerJsons.object().put("type", "NFC"));
      ObjectNode pre = json.putObject("pre_tokenizer").put("type", "Sequence");
      ObjectNode split =
          TokenizerJsons.object()
              .put("type", "Split")
              .put("behavior", "Isolated")
              .put("invert", false);
      split
          .putObject("pattern")
          .put(
              "Regex",
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                  + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
      pre.putArray("pretokenizers").add(split).add(TokenizerJsons.byteLevelPart(false));
      return json;
    }
  }

  @Test
  void onlyWhatIsKnownIsCut() {
    assertTrue(cuts(TokenizerJsons.byteLevel()));
    assertTrue(cuts(Variants.qwen()));
    assertFalse(cuts(TokenizerJsons.byteFallback()));
    ObjectNode prefix = TokenizerJsons.byteLevel();
    ((ObjectNode) prefix.get("pre_tokenizer")).put("add_prefix_space", true);
    assertFalse(cuts(prefix));
    ObjectNode pattern = Variants.qwen();
    ((ObjectNode) pattern.at("/pre_tokenizer/pretokenizers/0/pattern")).put("Regex", "\\s+");
    assertFalse(cuts(pattern));
    ObjectNode lower = TokenizerJsons.byteLevel();
    lower.set("normalizer", TokenizerJsons.object().put("type", "Lowercase"));
    assertFalse(cuts(lower));
    assertFalse(cuts(TokenizerJsons.add(TokenizerJsons.byteLevel(), 268, "<tool>x", false)));
    // A special one that is text does not match, and so does no harm; as an id it has cut places.
    assertFalse(
        CutRule.allows(
            PlainTokens.rewrite(
                TokenizerJson.of(TokenizerJsons.file(TokenizerJsons.byteLevel())), true, "f")));
  }

  private static boolean cuts(ObjectNode json) {
    return CutRule.allows(
        PlainTokens.rewrite(TokenizerJson.of(TokenizerJsons.file(json)), false, "f"));
  }

  @Test
  void gpt2FromItsRanksGivesTheIdsOfJtokkit() throws IOException {
    JsonTokenizer gpt2 = tokenizer(TokenizerJsons.gpt2());
    assertEquals(50257, gpt2.vocabulary());
    assertEquals(50256, gpt2.endToken());
    String book = Files.readString(Path.of("../testdata/moby-dick/moby-dick.txt"));
    List<Integer> expected = new ArrayList<>();
    TextTokenizer jtokkit = Tokenizers.named("gpt2");
    TextEncoder encoder = jtokkit.encoder("test", expected::add);
    encoder.text(book);
    encoder.end();
    int[] ids = encode(gpt2, book, 8192, ChunkedEncoder.CHUNK);
    assertArrayEquals(Ints.toArray(expected), ids);
    assertArrayEquals(ids, whole(gpt2, book));
    assertEquals(book, gpt2.decode(ids));
    for (int id = 0; id < 50257; id++) {
      assertArrayEquals(jtokkit.decode(id), gpt2.decode(id));
    }
    Path tokens = data("tokens/tinyshakespeare-200000.gpt2.u16.bin");
    byte[] u16 = Files.readAllBytes(tokens);
    int[] stored = new int[u16.length / 2];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (u16[2 * i] & 0xFF) | (u16[2 * i + 1] & 0xFF) << 8;
    }
    byte[] plays = Files.readAllBytes(data("corpora/tinyshakespeare.txt"));
    String text = new String(Arrays.copyOf(plays, 200_000), UTF_8);
    assertArrayEquals(stored, encode(gpt2, text, 1000, 4096));
  }

  @Test
  void specialTokensInTextAreTextUnlessAskedFor() {
    int end = TokenizerJsons.byteLevel().at("/model/vocab").size();
    assertEquals(end, BYTE_LEVEL.endToken());
    assertFalse(Ints.contains(whole(BYTE_LEVEL, "a<|endoftext|>b"), end));
    assertEquals("a<|endoftext|>b", BYTE_LEVEL.decode(whole(BYTE_LEVEL, "a<|endoftext|>b")));
    JsonTokenizer special = withSpecial(TokenizerJsons.byteLevel());
    assertArrayEquals(new int[] {'a' - '!', end, 'b' - '!'}, mapped(special, "a<|endoftext|>b"));
    assertFalse(special.fingerprint().equals(BYTE_LEVEL.fingerprint()));
    // <s> is in the model's own vocabulary.
    assertFalse(Ints.contains(whole(BYTE_FALLBACK, "x<s>x</s>"), 1));
    assertTrue(Ints.contains(whole(withSpecial(TokenizerJsons.byteFallback()), "x<s>x</s>"), 1));
  }

  /** Ids of single bytes, which the tiny file numbers by byte, as places after '!'. */
  private static int[] mapped(JsonTokenizer tokenizer, String text) {
    int[] ids = whole(tokenizer, text);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ids[i] < 256 ? ids[i] - '!' : ids[i];
    }
    return ids;
  }

  @Test
  void tokensThatAreTextKeepTheirIdsWhenSpecialOnesGo() {
    ObjectNode json = TokenizerJsons.byteLevel();
    int size = json.at("/model/vocab").size();
    TokenizerJsons.add(json, size + 1, "  ##  ", false);
    TokenizerJsons.add(json, size + 2, "<tool>", true);
    JsonTokenizer tokenizer = tokenizer(json);
    assertEquals(size + 3, tokenizer.vocabulary());
    assertArrayEquals(new int[] {'a', size + 1, 'b'}, whole(tokenizer, "a  ##  b"));
    assertArrayEquals(new int[] {'a', size + 1, 'b'}, whole(withSpecial(json), "a  ##  b"));
    assertEquals("<tool>", tokenizer.decode(new int[] {size + 2}));
    assertFalse(Ints.contains(whole(tokenizer, "<tool>"), size + 2));
  }

  @Test
  void bytesOfIds() {
    assertArrayEquals(new byte[] {(byte) 0xE2}, BYTE_FALLBACK.decode(3 + 0xE2));
    assertArrayEquals(new byte[] {(byte) 0xE2}, BYTE_LEVEL.decode(0xE2));
    assertEquals(" the wo€", BYTE_FALLBACK.decode(whole(BYTE_FALLBACK, "the wo€")));
    assertEquals("</s>", BYTE_FALLBACK.decode(new int[] {BYTE_FALLBACK.endToken()}));
    String message =
        Corpora.failure(IllegalArgumentException.class, () -> BYTE_LEVEL.decode(100_000));
    assertTrue(message.contains("100000 is outside"), message);
  }

  @Test
  void otherDecodersAreTheLibrarysOwn() {
    ObjectNode json = TokenizerJsons.object().put("version", "1.0");
    json.putObject("pre_tokenizer").put("type", "Whitespace");
    json.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", false);
    ObjectNode model = json.putObject("model").put("type", "WordPiece").put("unk_token", "[UNK]");
    model.put("continuing_subword_prefix", "##").put("max_input_chars_per_word", 100);
    model.putObject("vocab").put("[UNK]", 0).put("the", 1).put("##ory", 2).put("[SEP]", 3);
    TokenizerJsons.add(json, 3, "[SEP]", true);
    JsonTokenizer tokenizer = tokenizer(json);
    assertArrayEquals(new int[] {1, 2, 0, 1}, whole(tokenizer, "theory x the"));
    assertEquals("theory", tokenizer.decode(new int[] {1, 2}));
    assertEquals(3, tokenizer.endToken());
  }

  @Test
  void templatesTruncationAndPaddingAreOff() {
    ObjectNode json = TokenizerJsons.byteFallback();
    json.set(
        "truncation",
        TokenizerJsons.object()
            .put("max_length", 2)
            .put("strategy", "LongestFirst")
            .put("stride", 0)
            .put("direction", "Right"));
    ObjectNode template = json.putObject("post_processor").put("type", "TemplateProcessing");
    template.putArray("single").addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    template.putArray("pair");
    template.putObject("special_tokens");
    assertArrayEquals(whole(BYTE_FALLBACK, "the the wo"), whole(tokenizer(json), "the the wo"));
  }

  @Test
  void severalThreadsGetTheSameIds() throws Exception {
    String book = Files.readString(Path.of("../testdata/moby-dick/moby-dick.txt"));
    String text = book.substring(0, 50_000);
    int[] expected = whole(BYTE_FALLBACK, text);
    int[] expectedBytes = whole(BYTE_LEVEL, text);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(
            threads.submit(
                () -> {
                  assertArrayEquals(expected, whole(BYTE_FALLBACK, text));
                  assertArrayEquals(expectedBytes, encode(BYTE_LEVEL, text, 1000, 2000));
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aTextThatMustBeWholeHasALimit() {
    WholeEncoder encoder = new WholeEncoder("a.txt: document 3", 10, text -> {});
    encoder.text("12345");
    String message = Corpora.failure(DataException.class, () -> encoder.text("678901"));
    assertTrue(message.contains("a.txt: document 3: longer than 10 characters"), message);
    assertTrue(message.contains("--documents paragraph"), message);
  }

  @Test
  void withoutAKnownEndTheUserIsAsked() {
    ObjectNode json = TokenizerJsons.byteLevel();
    json.remove("added_tokens");
    String message = Corpora.failure(UsageException.class, () -> tokenizer(json).endToken());
    assertTrue(message.contains("--separator ID, or choose --separator none"), message);
  }

  @Test
  void idsThatTheLibraryWouldChangeAreRefused() {
    ObjectNode json = TokenizerJsons.add(TokenizerJsons.byteLevel(), 500, "###", false);
    String message = Corpora.failure(DataException.class, () -> tokenizer(json));
    assertTrue(message.contains("added token '###' says id 500, but"), message);
    ObjectNode far = TokenizerJsons.byteLevel();
    ((ObjectNode) far.at("/model/vocab")).put("far", Integer.MAX_VALUE);
    assertTrue(
        Corpora.failure(DataException.class, () -> tokenizer(far))
            .contains("token 'far' has no id"));
  }

  @Test
  void theTeacherOfStories260kGetsItsIds() throws IOException {
    Path path = data("stories260k/tokenizer.json");
    JsonTokenizer plain = new JsonTokenizer(TokenizerFile.read(path, false));
    JsonTokenizer special = new JsonTokenizer(TokenizerFile.read(path, true));
    JsonNode golden = TokenizerJsons.JSON.readTree(data("stories260k/golden.json").toFile());
    int texts = 0;
    for (JsonNode text : golden.findParents("ids")) {
      int[] ids = new int[text.get("ids").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = text.get("ids").get(i).asInt();
      }
      assertEquals(1, ids[0]); // The template's <s>.
      int[] rest = Arrays.copyOfRange(ids, 1, ids.length);
      assertArrayEquals(rest, whole(plain, text.get("text").asText()));
      assertEquals(" " + text.get("text").asText(), plain.decode(rest));
      texts++;
    }
    assertEquals(3, texts);
    assertEquals(512, plain.vocabulary());
    assertEquals(2, plain.endToken());
    assertFalse(Ints.contains(whole(plain, "a <unk> b<s>"), 0));
    assertEquals(" a <unk> b<s>", plain.decode(whole(plain, "a <unk> b<s>")));
    assertTrue(Ints.contains(whole(special, "a <unk> b<s>"), 0));
    assertTrue(Ints.contains(whole(special, "a <unk> b<s>"), 1));
    assertEquals(
        "e2beb172c475ec440d4012933e300d538af0221b8ff6b1b72bc611c8cf242f33", plain.fingerprint());
  }
}

package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Bytes;
import dev.stillhouse.pipeline.corpus.Corpora;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizer files that would give other ids each time, or take a machine's memory. */
class TokenizerLimitsTest {
  @TempDir Path directory;

  private TextTokenizer named(ObjectNode json) {
    return named(json.toString().getBytes(UTF_8));
  }

  private TextTokenizer named(byte[] bytes) {
    return Tokenizers.named(Corpora.write(directory, "tokenizer.json", bytes).toString());
  }

  private String refused(ObjectNode json) {
    return Corpora.failure(DataException.class, () -> named(json));
  }

  private static List<Integer> ids(TextTokenizer tokenizer, String text) {
    List<Integer> ids = new ArrayList<>();
    TextEncoder encoder = tokenizer.encoder("a test", ids::add);
    encoder.text(text);
    encoder.end();
    return ids;
  }

  private static ObjectNode with(String setting, double value) {
    ObjectNode json = TokenizerJsons.byteLevel();
    ((ObjectNode) json.get("model")).put(setting, value);
    return json;
  }

  private static ObjectNode replacing(String kind, String pattern, String content) {
    ObjectNode part = TokenizerJsons.object().put("type", "Replace").put("content", content);
    part.set("pattern", TokenizerJsons.object().put(kind, pattern));
    return part;
  }

  private static ObjectNode normalizing(ObjectNode... parts) {
    ObjectNode json = TokenizerJsons.byteLevel();
    ObjectNode sequence = json.putObject("normalizer").put("type", "Sequence");
    sequence.putArray("normalizers").addAll(List.of(parts));
    return json;
  }

  @Test
  void tokensDrawnByChanceAreRefused() {
    for (String setting : List.of("dropout", "alpha", "nbest_size")) {
      String message = refused(with(setting, 0.5));
      assertTrue(
          message.contains("draws tokens by chance (model: \"" + setting + "\": 0.5)"), message);
    }
    List<Integer> plain = ids(named(TokenizerJsons.byteLevel()), "the other word");
    assertEquals(plain, ids(named(with("dropout", 0)), "the other word"));
    ObjectNode none = TokenizerJsons.byteLevel();
    ((ObjectNode) none.get("model")).putNull("dropout");
    assertEquals(plain, ids(named(none), "the other word"));
  }

  @Test
  void aDatasetOfSuchATokenizerCanStillBeShown() {
    TextTokenizer kept = new JsonTokenizer(TokenizerJsons.file(with("dropout", 0.5)));
    assertEquals(
        "a",
        kept.decode(
            ids(named(TokenizerJsons.byteLevel()), "a").stream().mapToInt(i -> i).toArray()));
  }

  @Test
  @Timeout(60)
  void aNormalizerThatLetsTextGrowHasALimit() {
    String grown = "x".repeat(100_000);
    for (ObjectNode json :
        List.of(
            normalizing(replacing("String", "e", grown)),
            normalizing(replacing("Regex", "[aeiou]", grown)),
            normalizing(
                replacing("String", "e", "x".repeat(100)),
                replacing("String", "x", "y".repeat(100))),
            normalizing(TokenizerJsons.object().put("type", "Prepend").put("prepend", grown)))) {
      String message = refused(json);
      assertTrue(message.contains("its normalizer may make a text 1"), message);
      assertTrue(message.contains("00 times longer; the limit is 1000"), message);
    }
    ObjectNode decoder = TokenizerJsons.byteLevel();
    decoder.set("decoder", replacing("String", "e", grown));
    assertTrue(refused(decoder).contains("its decoder may make"), refused(decoder));
  }

  @Test
  @Timeout(60)
  void whatMayGrowIsShorter() {
    TextTokenizer tokenizer = named(normalizing(replacing("String", "e", "x".repeat(500))));
    assertEquals(1000, ids(tokenizer, "ee").size());
    String message =
        Corpora.failure(
            DataException.class, () -> ids(tokenizer, "e".repeat(WholeEncoder.LONGEST / 500 + 1)));
    assertTrue(message.contains("longer than 8388 characters"), message);
    // What keeps or shortens a text has the whole length.
    TextTokenizer usual =
        named(normalizing(replacing("String", "``", "'"), replacing("Regex", " {2,}", " ")));
    assertEquals(100_000, ids(usual, "e".repeat(100_000)).size());
  }

  @Test
  void aMarkBeforeTheFileIsNoPartOfItsJson() {
    byte[] json = TokenizerJsons.byteLevel().toString().getBytes(UTF_8);
    byte[] marked = Bytes.concat("\uFEFF".getBytes(UTF_8), json);
    TextTokenizer tokenizer = named(marked);
    assertEquals(ids(named(json), "the other"), ids(tokenizer, "the other"));
    assertEquals(
        "the", tokenizer.decode(ids(tokenizer, "the").stream().mapToInt(i -> i).toArray()));
    Path file = Corpora.write(directory, "tokenizer.json", marked);
    TextTokenizer special = Tokenizers.named(file.toString(), true);
    assertEquals(List.of(special.endToken()), ids(special, "<|endoftext|>"));
  }

  @Test
  void nestedJsonIsNamedWithItsLimit() {
    byte[] deep = "{\"a\":".repeat(100_000).getBytes(UTF_8);
    String message = Corpora.failure(DataException.class, () -> named(deep));
    assertTrue(message.contains("nested deeper than 100 levels"), message);
  }

  @Test
  void namesThatAreNoFilesHere() {
    for (String name : List.of("https://host/tokenizer.json", "s3://bucket/tokenizer.json")) {
      String message = Corpora.failure(UsageException.class, () -> Tokenizers.named(name));
      assertTrue(message.contains("URLs are not read yet"), message);
    }
  }
}

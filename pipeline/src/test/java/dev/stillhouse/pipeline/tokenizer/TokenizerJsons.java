package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokenizer files for tests, made here: no file of a model is in the tree. */
final class TokenizerJsons {
  static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerJsons() {}

  static TokenizerFile file(ObjectNode json) {
    return new TokenizerFile("tokenizer.json", json.toString().getBytes(UTF_8));
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A tiny byte-level BPE: 256 bytes, merges of common words, an end token. */
  static ObjectNode byteLevel() {
    ObjectNode json = object().put("version", "1.0");
    json.set("pre_tokenizer", byteLevelPart(true));
    json.set("decoder", byteLevelPart(true));
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode vocab = model.putObject("vocab");
    for (int b = 0; b < 256; b++) {
      vocab.put(TokenBytes.ALPHABET.substring(b, b + 1), b);
    }
    merges(
        model, "t h", "th e", "Ġ the", "i n", "Ġ a", "Ġ Ġ", "o r", "w or", "Ġ wor", "' s", "1 2");
    add(json, vocab.size(), "<|endoftext|>", true);
    return json;
  }

  static ObjectNode byteLevelPart(boolean regex) {
    return object()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", regex);
  }

  /** A tiny BPE as SentencePiece's: a space before the text, bytes for what it does not know. */
  static ObjectNode byteFallback() {
    ObjectNode json = object().put("version", "1.0");
    json.set(
        "pre_tokenizer",
        object()
            .put("type", "Metaspace")
            .put("replacement", "▁")
            .put("prepend_scheme", "first")
            .put("split", false));
    ObjectNode decoder = json.putObject("decoder").put("type", "Sequence");
    decoder
        .putArray("decoders")
        .add(
            object()
                .put("type", "Replace")
                .put("content", " ")
                .set("pattern", object().put("String", "▁")))
        .add(object().put("type", "ByteFallback"))
        .add(object().put("type", "Fuse"));
    ObjectNode model =
        json.putObject("model")
            .put("type", "BPE")
            .put("unk_token", "<unk>")
            .put("byte_fallback", true);
    ObjectNode vocab = model.putObject("vocab");
    vocab.put("<unk>", 0).put("<s>", 1).put("</s>", 2);
    for (int b = 0; b < 256; b++) {
      vocab.put(String.format("<0x%02X>", b), vocab.size());
    }
    for (char c : "▁thewor<unk/s>|x".toCharArray()) {
      if (!vocab.has(String.valueOf(c))) {
        vocab.put(String.valueOf(c), vocab.size());
      }
    }
    merges(model, "t h", "th e", "▁ the", "e ▁", "w o", "▁ ▁", "▁ wo");
    add(json, 0, "<unk>", true);
    add(json, 1, "<s>", true);
    add(json, 2, "</s>", true);
    return json;
  }

  /** Adds merges whose parts are there, and what they make. */
  static void merges(ObjectNode model, String... merges) {
    ArrayNode list = model.putArray("merges");
    ObjectNode vocab = (ObjectNode) model.get("vocab");
    for (String merge : merges) {
      list.add(merge);
      vocab.put(merge.replace(" ", ""), vocab.size());
    }
  }

  static ObjectNode add(ObjectNode json, int id, String content, boolean special) {
    json.withArray("added_tokens")
        .add(
            object()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special));
    return json;
  }

  /**
   * GPT-2's tokenizer.json from jtokkit's file of ranks. The two parts of a token are what is left
   * of its bytes when all merges of lower rank are done.
   */
  static ObjectNode gpt2() {
    Map<String, Integer> ranks = new HashMap<>();
    try (InputStream in =
        TokenizersTest.class.getResourceAsStream("/com/knuddels/jtokkit/r50k_base.tiktoken")) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
        String[] parts = line.split(" ", -1);
        if (parts.length == 2) {
          ranks.put(written(Base64.getDecoder().decode(parts[0])), Integer.parseInt(parts[1]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> byRank = new ArrayList<>(java.util.Collections.nCopies(ranks.size(), ""));
    ranks.forEach((token, rank) -> byRank.set(rank, token));
    ObjectNode json = byteLevel();
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode vocab = model.putObject("vocab");
    ArrayNode merges = model.putArray("merges");
    for (int rank = 0; rank < byRank.size(); rank++) {
      String token = byRank.get(rank);
      vocab.put(token, rank);
      if (token.length() > 1) {
        merges.add(String.join(" ", parts(token, rank, ranks)));
      }
    }
    json.remove("added_tokens");
    return add(json, 50256, "<|endoftext|>", true);
  }

  private static List<String> parts(String token, int below, Map<String, Integer> ranks) {
    List<String> parts = new ArrayList<>(List.of(token.split("", -1)));
    parts.removeIf(String::isEmpty);
    while (true) {
      int best = below;
      int at = -1;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), below);
        if (rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) {
        return parts;
      }
      parts.set(at, parts.get(at) + parts.remove(at + 1));
    }
  }

  private static String written(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      out.append(TokenBytes.ALPHABET.charAt(Byte.toUnsignedInt(b)));
    }
    return out.toString();
  }
}

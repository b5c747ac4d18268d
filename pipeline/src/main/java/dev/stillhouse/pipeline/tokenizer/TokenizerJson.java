package dev.stillhouse.pipeline.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.JsonErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a tokenizer.json.
 *
 * @param root the whole of it
 * @param vocabulary texts of the model's ids, as they are written there
 * @param added all added tokens, those without a text left out
 */
record TokenizerJson(
    String name, ObjectNode root, Map<String, Integer> vocabulary, List<AddedToken> added) {
  /** Ids are below this: eight times the largest vocabulary that is published. */
  static final int MAX_IDS = 1 << 22;

  /**
   * Settings that draw by chance, as BPE's dropout and sampling of Unigram models; 0 and null mean
   * none.
   */
  private static final ImmutableList<String> CHANCES =
      ImmutableList.of("dropout", "alpha", "nbest_size");

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxStringLength(TokenizerFile.MAX_BYTES)
          .maxNestingDepth(100) // The library's own limit is 128.
          .build();

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(LIMITS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Scores are written again digit by digit: the library rounds decimals in its own way.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

  static TokenizerJson of(TokenizerFile file) {
    String name = file.name();
    JsonNode root;
    try {
      root = JSON.readTree(file.json());
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new DataException(
          String.format(
              "tokenizer %s%s: %s; need a Hugging Face tokenizer.json",
              name,
              at == null ? "" : ": line " + at.getLineNr() + ", column " + at.getColumnNr(),
              JsonErrors.reason(e, LIMITS)),
          e);
    } catch (IOException e) {
      throw new DataException("tokenizer " + name + " cannot be read: " + e.getMessage(), e);
    }
    JsonNode vocabulary = root.path("model").path("vocab");
    if (!(root instanceof ObjectNode object) || !vocabulary.isContainerNode()) {
      throw DataException.of(
          "tokenizer %s is JSON, but no Hugging Face tokenizer.json: it has no model.vocab; need"
              + " what Tokenizer.save (Python, tokenizers) writes, not vocab.json or"
              + " tokenizer_config.json",
          name);
    }
    List<AddedToken> added = new ArrayList<>();
    for (JsonNode token : root.path("added_tokens")) {
      if (!token.path("content").asText().isEmpty()) {
        added.add(AddedToken.of(token));
      }
    }
    TokenizerJson json = new TokenizerJson(name, object, ids(vocabulary), added);
    json.vocabulary.forEach((text, id) -> json.checkId(text, id));
    added.forEach(token -> json.checkId(token.content(), token.id()));
    return json;
  }

  /**
   * Returns the ids by text. A list, as of Unigram models, holds pairs of text and score in order
   * of ids.
   */
  private static Map<String, Integer> ids(JsonNode vocabulary) {
    Map<String, Integer> ids = new HashMap<>();
    if (vocabulary.isArray()) {
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.path(id).path(0).asText(), id);
      }
    } else {
      vocabulary.properties().forEach(e -> ids.put(e.getKey(), e.getValue().asInt(-1)));
    }
    return ids;
  }

  private void checkId(String text, int id) {
    if (id < 0 || id >= MAX_IDS) {
      throw DataException.of(
          "tokenizer %s: token '%s' has no id, or one outside 0 to %d", name, text, MAX_IDS - 1);
    }
  }

  /**
   * Returns the setting by which the model draws tokens by chance, as in {@code "dropout": 0.5}.
   */
  Optional<String> chance() {
    JsonNode model = root.path("model");
    for (String setting : CHANCES) {
      JsonNode value = model.path(setting);
      if (!value.isMissingNode() && !value.isNull() && value.asDouble(1) != 0) {
        return Optional.of("model: \"" + setting + "\": " + value);
      }
    }
    return Optional.empty();
  }

  /** Returns the text of each id as it is written in the file; null in gaps. */
  String[] texts() {
    int size = 0;
    for (int id : vocabulary.values()) {
      size = Math.max(size, id + 1);
    }
    for (AddedToken token : added) {
      size = Math.max(size, token.id() + 1);
    }
    String[] texts = new String[size];
    vocabulary.forEach((text, id) -> texts[id] = text);
    added.forEach(token -> texts[token.id()] = token.content());
    return texts;
  }

  /** Returns the JSON as text for the library. */
  static String write(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new DataException("a tokenizer cannot be written as JSON: " + e.getMessage(), e);
    }
  }
}

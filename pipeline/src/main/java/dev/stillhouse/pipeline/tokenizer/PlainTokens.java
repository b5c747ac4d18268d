package dev.stillhouse.pipeline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillhouse.storage.DataException;
import java.util.HashMap;
import java.util.Map;

/**
 * Rewrites a tokenizer.json for the library, so that text is all that it encodes.
 *
 * <ul>
 *   <li>{@code post_processor}, {@code truncation} and {@code padding} become null: the packer
 *       places separators and cuts sequences.
 *   <li>If special tokens in text are text, no special entry of {@code added_tokens} may match. The
 *       library has a switch for this ({@code encode_special_tokens}) that DJL does not show. So a
 *       special entry whose content is in the model's vocabulary is left out. Any other, whose id
 *       the library counts from its place in the list, stays with a content that no text holds.
 *       Entries that are not special (as runs of spaces) match as ever: they are text.
 * </ul>
 *
 * Ids of the model and of other entries stay the same. The library does not read an added token's
 * id but allots the next free one; that the two are equal is checked here.
 */
final class PlainTokens {
  /** Start of the contents that no text holds: U+10FFFF is no character. */
  static final String NEVER = "\uDBFF\uDFFF";

  private PlainTokens() {}

  static ObjectNode rewrite(TokenizerJson json, boolean specialTokens, String fingerprint) {
    ObjectNode root = json.root().deepCopy();
    root.putNull("post_processor").putNull("truncation").putNull("padding");
    ArrayNode matching = root.arrayNode();
    for (JsonNode token : json.root().path("added_tokens")) {
      String content = token.path("content").asText();
      if (content.isEmpty()) {
        continue;
      }
      if (specialTokens || !token.path("special").asBoolean()) {
        matching.add(token);
      } else if (!json.vocabulary().containsKey(content)) {
        // A text that holds the hash of its own tokenizer is not met.
        matching.add(
            ((ObjectNode) token.deepCopy())
                .put("content", NEVER + fingerprint + token.path("id").asText())
                .put("normalized", false));
      }
    }
    checkIds(json, matching);
    root.set("added_tokens", matching);
    return root;
  }

  /** Allots ids as the library does (AddedVocabulary::add_tokens). */
  private static void checkIds(TokenizerJson json, ArrayNode tokens) {
    Map<String, Integer> allotted = new HashMap<>();
    int size = json.vocabulary().size();
    int max = -1;
    for (JsonNode token : tokens) {
      String content = token.path("content").asText();
      Integer id = allotted.getOrDefault(content, json.vocabulary().get(content));
      if (id == null) {
        id = Math.max(max + 1, size);
      }
      if (id != token.path("id").asInt()) {
        throw DataException.of(
            "tokenizer %s: added token '%s' says id %d, but the tokenizers library gives it %d;"
                + " its ids must follow the model's %d without a gap",
            json.name(), content, token.path("id").asInt(), id, size);
      }
      allotted.put(content, id);
      max = Math.max(max, id);
    }
  }
}

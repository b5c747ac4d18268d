package dev.stillhouse.pipeline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether texts may be cut at {@link CutPlaces} under a tokenizer.json: whether its parts,
 * encoded one by one, give the ids of the whole. That is so only if all of this is known:
 *
 * <ul>
 *   <li>the normalizer is none or NFC. No character after a cut place composes with the one before:
 *       those are marks, or letters
 *   <li>the pre-tokenizer is ByteLevel with GPT-2's pattern and without a space put before the
 *       text; or a Split by a pattern that is known here, then ByteLevel without one
 *   <li>the model is BPE without dropout: it merges within the parts of a split
 *   <li>no added token that matches has a cut place in it, or looks at its neighbours
 * </ul>
 */
final class CutRule {
  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Patterns of Llama 3, Qwen 2 and similar, and of the built-in models. */
  private static final Set<String> KNOWN =
      Stream.concat(
              Stream.of(
                  CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + REST,
                  CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + REST),
              Arrays.stream(TiktokenModel.values()).map(model -> model.pattern))
          .collect(Collectors.toUnmodifiableSet());

  private CutRule() {}

  /**
   * Returns whether texts may be cut.
   *
   * @param json as the library gets it
   */
  static boolean allows(JsonNode json) {
    JsonNode normalizer = json.path("normalizer");
    JsonNode model = json.path("model");
    return (normalizer.isNull() || normalizer.isMissingNode() || is(normalizer, "NFC"))
        && splits(json.path("pre_tokenizer"))
        && is(model, "BPE")
        && !model.hasNonNull("dropout")
        && tokensHold(json.path("added_tokens"));
  }

  private static boolean splits(JsonNode pre) {
    if (is(pre, "ByteLevel")) {
      return noPrefix(pre) && pre.path("use_regex").asBoolean(true);
    }
    JsonNode parts = pre.path("pretokenizers");
    JsonNode split = parts.path(0);
    JsonNode bytes = parts.path(1);
    return is(pre, "Sequence")
        && parts.size() == 2
        && is(split, "Split")
        && split.path("behavior").asText().equals("Isolated")
        && !split.path("invert").asBoolean()
        && KNOWN.contains(split.path("pattern").path("Regex").asText())
        && is(bytes, "ByteLevel")
        && noPrefix(bytes)
        && !bytes.path("use_regex").asBoolean(true);
  }

  private static boolean noPrefix(JsonNode byteLevel) {
    return !byteLevel.path("add_prefix_space").asBoolean(true);
  }

  private static boolean tokensHold(JsonNode tokens) {
    for (JsonNode json : tokens) {
      AddedToken token = AddedToken.of(json);
      if (token.greedy() || CutPlaces.last(token.content(), 1) >= 0) {
        // One that no text holds is never cut.
        if (!token.content().startsWith(PlainTokens.NEVER)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean is(JsonNode part, String type) {
    return part.path("type").asText().equals(type);
  }
}

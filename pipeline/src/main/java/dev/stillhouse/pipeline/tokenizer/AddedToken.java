package dev.stillhouse.pipeline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An entry of {@code added_tokens} in a tokenizer.json: a text that becomes one id wherever it
 * occurs, before the text around it is processed.
 *
 * @param special whether it is for programs (an end of text, a turn of a chat) and not for text
 * @param greedy whether it looks at, or takes in, neighbouring characters
 */
record AddedToken(int id, String content, boolean special, boolean greedy) {
  static AddedToken of(JsonNode json) {
    return new AddedToken(
        json.path("id").asInt(-1),
        json.path("content").asText(),
        json.path("special").asBoolean(),
        json.path("lstrip").asBoolean()
            || json.path("rstrip").asBoolean()
            || json.path("single_word").asBoolean());
  }
}

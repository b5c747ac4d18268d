package dev.stillhouse.pipeline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An entry of {@code added_tokens} in a tokenizer.json: a text that becomes one id wherever it
 * occurs, before anything else is done with the text around it.
 *
 * @param special whether it is for programs (an end of text, a turn of a chat) and not for text
 * @param greedy whether it looks at, or takes in, what stands beside it
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

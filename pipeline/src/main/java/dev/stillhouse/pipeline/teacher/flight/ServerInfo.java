package dev.stillhouse.pipeline.teacher.flight;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a server says of itself.
 *
 * @param fingerprint hash of the weights, and all else that decides the rows
 * @param arithmetic name of that of its reduction
 * @param vocabulary number of ids that it predicts
 * @param context max tokens of a prompt, if there is a limit
 * @param firstToken what it puts before every prompt, if anything
 * @param dense the type that holds its rows exactly
 */
record ServerInfo(
    String fingerprint,
    String arithmetic,
    int vocabulary,
    Optional<Integer> context,
    OptionalInt firstToken,
    String dense) {
  static final int VERSION = 1;
  private static final int MAX_VOCABULARY = 1 << 24;
  private static final int MAX_TEXT = 4096;

  /**
   * Reads the JSON of the action {@code hello}.
   *
   * @param server its address, for errors
   */
  static ServerInfo parse(String server, byte[] json) {
    JsonNode told = Json.parse(server, json, JsonNode.class);
    if (told.path("v").asInt(0) != VERSION) {
      throw DataException.of(
          "%s: the teacher's server speaks version %s of the protocol, need %d: use servers of this"
              + " release",
          server, told.path("v").asText("none"), VERSION);
    }
    int vocabulary = told.path("vocabulary").asInt(0);
    if (vocabulary < 1 || vocabulary > MAX_VOCABULARY) {
      throw wrong(server, "vocabulary", told, "1 to " + MAX_VOCABULARY);
    }
    String dense = text(server, told, "dense");
    if (!dense.equals("float32") && !dense.equals("bfloat16")) {
      throw wrong(server, "dense", told, "float32 or bfloat16");
    }
    JsonNode context = told.path("context");
    if (context.isNumber() && context.asInt() < 1) {
      throw wrong(server, "context", told, "1 or more");
    }
    JsonNode first = told.path("firstToken");
    return new ServerInfo(
        text(server, told, "fingerprint"),
        text(server, told, "arithmetic"),
        vocabulary,
        context.isNumber() ? Optional.of(context.asInt()) : Optional.empty(),
        first.isNumber() ? OptionalInt.of(first.asInt()) : OptionalInt.empty(),
        dense);
  }

  private static String text(String server, JsonNode told, String name) {
    String text = told.path(name).asText("");
    if (text.isEmpty()
        || text.length() > MAX_TEXT
        || !text.chars().allMatch(c -> c >= ' ' && c < 127)) {
      throw wrong(server, name, told, "a line of 1 to " + MAX_TEXT + " ASCII characters");
    }
    return text;
  }

  private static DataException wrong(String server, String name, JsonNode told, String need) {
    String value = told.path(name).toString();
    return DataException.of(
        "%s: the teacher's server says %s=%s; need %s",
        server, name, value.substring(0, Math.min(80, value.length())), need);
  }
}

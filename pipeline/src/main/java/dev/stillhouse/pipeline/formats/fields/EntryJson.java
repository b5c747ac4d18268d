package dev.stillhouse.pipeline.formats.fields;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row of entries in the forms that servers write: a list of pairs {@code [log-prob, id,
 * ...]}, a list of objects with an id and a log-prob, or an object of ids with their log-probs.
 */
final class EntryJson {
  private static final String TOKEN_ID = "token_id:";

  private final JsonParser in;
  private final SequenceJson sequence;
  private final boolean idFirst;
  private int row;

  EntryJson(JsonParser in, SequenceJson sequence, boolean idFirst) {
    this.in = in;
    this.sequence = sequence;
    this.idFirst = idFirst;
  }

  /** Reads the row that the parser stands at. */
  void row(int number, Numbers ids, Numbers logProbs) throws IOException {
    row = number;
    switch (in.currentToken()) {
      case VALUE_NULL -> {}
      case START_OBJECT -> map(ids, logProbs);
      case START_ARRAY -> {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          sequence.room(logProbs, Field.ENTRIES);
          switch (in.currentToken()) {
            case START_ARRAY -> pair(ids, logProbs);
            case START_OBJECT -> object(ids, logProbs);
            default ->
                throw sequence.wrong(
                    "field 'entries', row %d holds a JSON %s, need pairs or objects",
                    row, kind(in.currentToken()));
          }
        }
      }
      default ->
          throw sequence.wrong(
              "field 'entries', row %d is a JSON %s, need a list, an object or null",
              row, kind(in.currentToken()));
    }
  }

  private void pair(Numbers ids, Numbers logProbs) throws IOException {
    in.nextToken();
    double first = pairNumber(idFirst);
    in.nextToken();
    double second = pairNumber(!idFirst);
    ids.add(idFirst ? first : second);
    logProbs.add(idFirst ? second : first);
    while (in.nextToken() != JsonToken.END_ARRAY) { // Often the text of the token.
      in.skipChildren();
    }
  }

  private double pairNumber(boolean id) throws IOException {
    if (in.currentToken() == JsonToken.END_ARRAY) {
      throw sequence.wrong("field 'entries', row %d has a pair of fewer than two numbers", row);
    }
    return sequence.number(Field.ENTRIES, id, row);
  }

  private void object(Numbers ids, Numbers logProbs) throws IOException {
    double id = Double.NaN;
    double logProb = Double.NaN;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "id", "token_id" -> id = sequence.number(Field.ENTRIES, true, row);
        case "logprob", "log_prob" -> logProb = sequence.number(Field.ENTRIES, false, row);
        case "token" -> {
          if (in.currentToken() == JsonToken.VALUE_STRING && in.getText().startsWith(TOKEN_ID)) {
            id = id(in.getText().substring(TOKEN_ID.length()));
          } else {
            in.skipChildren();
          }
        }
        default -> in.skipChildren();
      }
    }
    if (Double.isNaN(id)) {
      throw sequence.wrong(
          "field 'entries', row %d has an entry without id, token_id or token 'token_id:N'", row);
    }
    ids.add(id);
    logProbs.add(logProb);
  }

  private void map(Numbers ids, Numbers logProbs) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      sequence.room(logProbs, Field.ENTRIES);
      ids.add(id(in.currentName()));
      if (in.nextToken() == JsonToken.START_OBJECT) {
        double logProb = Double.NaN;
        while (in.nextToken() != JsonToken.END_OBJECT) {
          String name = in.currentName();
          in.nextToken();
          if (name.equals("logprob") || name.equals("log_prob")) {
            logProb = sequence.number(Field.ENTRIES, false, row);
          } else {
            in.skipChildren();
          }
        }
        logProbs.add(logProb);
      } else {
        logProbs.add(sequence.number(Field.ENTRIES, false, row));
      }
    }
  }

  private int id(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw sequence.wrong(
          "field 'entries', row %d has the id %s, need a number",
          row, SequenceJson.shortened(text));
    }
    return Integer.parseInt(text);
  }

  /** Returns what a token is, for messages. */
  static String kind(@Nullable JsonToken token) {
    return switch (token == null ? JsonToken.NOT_AVAILABLE : token) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "list";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      case VALUE_NULL -> "null";
      default -> "end";
    };
  }
}

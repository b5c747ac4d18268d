package dev.stillhouse.bench.served;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The ids and log-probs of an answer of vLLM by Jackson's streaming parser, to compare with. */
final class JacksonScores {
  private static final JsonFactory FACTORY = new JsonFactory();

  private int[] ids = new int[1 << 16];
  private float[] logProbs = new float[1 << 16];

  /** Returns the number of entries. */
  int read(byte[] answer) throws IOException {
    int count = 0;
    int id = 0;
    try (JsonParser json = FACTORY.createParser(answer)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token != JsonToken.FIELD_NAME) {
          continue;
        }
        String name = json.currentName();
        if (Character.isDigit(name.charAt(0))) {
          id = Integer.parseInt(name);
        } else if (name.equals("logprob")) {
          json.nextToken();
          if (count == ids.length) {
            ids = java.util.Arrays.copyOf(ids, 2 * count);
            logProbs = java.util.Arrays.copyOf(logProbs, 2 * count);
          }
          ids[count] = id;
          logProbs[count++] = json.getFloatValue();
        }
      }
    }
    return count;
  }
}

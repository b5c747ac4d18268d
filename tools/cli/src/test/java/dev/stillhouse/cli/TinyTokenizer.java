package dev.stillhouse.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** A tokenizer.json: each printable ASCII character and the line end is an id; th; and an end. */
public final class TinyTokenizer {
  public static final int VOCABULARY = 98;

  private TinyTokenizer() {}

  public static Path write(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode().put("version", "1.0");
    ObjectNode model = json.putObject("model").put("type", "BPE").put("unk_token", "~");
    ObjectNode vocab = model.putObject("vocab");
    for (char c = ' '; c <= '~'; c++) {
      vocab.put(String.valueOf(c), c - ' ');
    }
    vocab.put("\n", vocab.size());
    vocab.put("th", vocab.size());
    ArrayNode merges = model.putArray("merges");
    merges.add("t h");
    json.putObject("decoder").put("type", "Fuse");
    json.putArray("added_tokens")
        .addObject()
        .put("id", vocab.size())
        .put("content", "</s>")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    return TestTexts.write(file, json.toString());
  }
}

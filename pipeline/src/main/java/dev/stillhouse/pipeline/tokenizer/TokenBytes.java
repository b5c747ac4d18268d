package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ways in which a token's written form in a tokenizer.json stands for bytes. */
enum TokenBytes {
  /** Each character stands for a byte, by the alphabet of GPT-2. */
  BYTE_LEVEL {
    @Override
    byte[] of(String token) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = 0; i < token.length(); i++) {
        int value = ALPHABET.indexOf(token.charAt(i));
        if (value < 0) {
          return token.getBytes(UTF_8);
        }
        bytes.write(value);
      }
      return bytes.toByteArray();
    }
  },

  /** {@code <0xE2>} is a byte; U+2581 is a space. As SentencePiece writes it. */
  SENTENCE_PIECE {
    @Override
    byte[] of(String token) {
      return token.matches("<0x[0-9A-F]{2}>")
          ? new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)}
          : token.replace('\u2581', ' ').getBytes(UTF_8);
    }
  };

  /** The character of byte b is at index b. */
  static final String ALPHABET = alphabet();

  private static final Set<String> OF_SENTENCE_PIECE =
      Set.of("Replace", "ByteFallback", "Fuse", "Strip", "Metaspace");

  abstract byte[] of(String token);

  /** Returns the form that a decoder's JSON shows; empty for any other, as of WordPiece. */
  static Optional<TokenBytes> known(JsonNode decoder) {
    List<String> types = new ArrayList<>();
    collect(decoder, types);
    if (types.equals(List.of("ByteLevel"))) {
      return Optional.of(BYTE_LEVEL);
    }
    return (types.contains("Replace") || types.contains("Metaspace"))
            && OF_SENTENCE_PIECE.containsAll(types)
        ? Optional.of(SENTENCE_PIECE)
        : Optional.empty();
  }

  private static void collect(JsonNode decoder, List<String> types) {
    String type = decoder.path("type").asText();
    if (type.equals("Sequence")) {
      decoder.path("decoders").forEach(part -> collect(part, types));
    } else if (type.equals("Replace")
        && !(decoder.path("pattern").path("String").asText().equals("\u2581")
            && decoder.path("content").asText().equals(" "))) {
      types.add("another Replace");
    } else if (type.equals("Metaspace") && !decoder.path("replacement").asText().equals("\u2581")) {
      types.add("another Metaspace");
    } else if (!type.isEmpty()) {
      types.add(type);
    }
  }

  /**
   * Returns the alphabet: printable Latin-1 stands for itself, the rest for U+0100 and on, in
   * order.
   */
  private static String alphabet() {
    StringBuilder all = new StringBuilder();
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      all.append((char) (printable ? b : next++));
    }
    return all.toString();
  }
}

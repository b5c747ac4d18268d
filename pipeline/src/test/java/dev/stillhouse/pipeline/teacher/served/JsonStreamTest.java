package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JsonStreamTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  private static JsonStream of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new JsonStream(new ByteArrayInputStream(bytes), 1 << 24);
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 7)) {
      case 0 -> random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
      case 1 -> "\"\\\n\u00e9\u20ac{}[]:,".substring(random.nextInt(11)) + random.nextInt();
      case 2 -> random.nextBoolean();
      case 3 -> new Object[0];
      default -> {
        Object[] many = new Object[random.nextInt(6)];
        for (int i = 0; i < many.length; i++) {
          many[i] = value(random, depth + 1);
        }
        if (random.nextBoolean()) {
          yield many;
        }
        ObjectNode object = JACKSON.createObjectNode();
        for (int i = 0; i < many.length; i++) {
          object.set("k\"" + i, JACKSON.valueToTree(many[i]));
        }
        yield object;
      }
    };
  }

  /** Whatever is skipped, what comes behind it is found. */
  @Property(tries = 300)
  void skipsAnyValue(@ForAll long seed, @ForAll boolean pretty) throws IOException {
    Random random = new Random(seed);
    ArrayNode all = JACKSON.createArrayNode();
    for (int i = 0; i < 40; i++) {
      all.addPOJO(value(random, 0));
      all.add(i);
    }
    String text = pretty ? all.toPrettyString() : JACKSON.writeValueAsString(all);
    JsonStream json = of(text);
    int found = 0;
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      json.skip();
      json.more(']');
      assertEquals(found++, json.integer());
    }
    assertEquals(40, found);
    assertEquals(-1, json.peek());
  }

  @Test
  void aValueMayBeLongerThanTheBuffer() throws IOException {
    JsonStream json = of("[\"" + "\\\"x".repeat(100_000) + "\", 7]");
    json.begin('[', ']');
    json.skip();
    json.more(']');
    assertEquals(7, json.integer());
  }

  @Property(tries = 200)
  void stringsOfAnyLengthAreRead(@ForAll @IntRange(max = 300_000) int length) throws IOException {
    String plain = "aB3+/=".repeat(length / 6);
    JsonStream json = of("[\"" + plain.replace("/", "\\/") + "\",\"" + plain + "\"]");
    json.begin('[', ']');
    assertEquals(plain, new String(json.bytes(plain.length()), StandardCharsets.US_ASCII));
    json.more(']');
    assertEquals(plain, new String(json.bytes(plain.length()), StandardCharsets.US_ASCII));
    JsonStream longer = of("\"" + plain + "xx\"");
    assertThrows(DataException.class, () -> longer.bytes(plain.length() + 1));
    assertThrows(DataException.class, () -> of("\"" + plain + "\\n\"").bytes(1 << 20));
    assertThrows(CutAnswerException.class, () -> of("\"" + plain).bytes(1 << 20));
  }

  @Test
  void levelsAndBytesAreBounded() {
    assertTrue(
        assertThrows(DataException.class, () -> of("[".repeat(100)).skip())
            .getMessage()
            .contains("at most 64 levels"));
    byte[] bytes = ("[" + "1,".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
    JsonStream json = new JsonStream(new ByteArrayInputStream(bytes), 100_000);
    assertTrue(
        assertThrows(DataException.class, json::skip)
            .getMessage()
            .contains("more than 100000 bytes"));
  }
}

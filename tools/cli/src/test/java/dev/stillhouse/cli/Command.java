package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import dev.stillhouse.cli.output.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * A command that was run in this JVM.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record Command(int code, String out, String err) {

  public static Command run(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream warned = new ByteArrayOutputStream();
    int code = Stillhouse.run(said, warned, words);
    return new Command(
        code,
        harmless(said.toString(StandardCharsets.UTF_8)),
        harmless(warned.toString(StandardCharsets.UTF_8)));
  }

  /**
   * Runs a command that is written as a person types it.
   *
   * @param line words with one space between; a word {@code %s} is the next of {@code values},
   *     which may contain spaces
   */
  public static Command line(String line, Object... values) {
    Iterator<Object> next = List.of(values).iterator();
    Command command =
        run(
            Splitter.on(' ')
                .splitToStream(line)
                .map(word -> word.equals("%s") ? next.next() : word)
                .toArray());
    assertFalse(next.hasNext(), line);
    return command;
  }

  /** Whatever was in the data, nothing of it may steer a terminal. */
  private static String harmless(String printed) {
    assertEquals(Printable.text(printed), printed);
    return printed;
  }

  /** The object that was printed, when the command went well. */
  public JsonNode json() throws JsonProcessingException {
    assertEquals(0, code, err);
    return new ObjectMapper().readTree(out);
  }

  public Command succeeds() {
    assertEquals(0, code, err);
    return this;
  }

  /** Checks that it failed with this code, saying all of {@code words} and no stack trace. */
  public Command fails(int expected, Object... words) {
    assertEquals(expected, code, err);
    for (Object word : words) {
      assertTrue(err.contains(word.toString()), () -> "'" + word + "' is not in: " + err);
    }
    assertTrue(!err.contains("\tat "), err);
    assertTrue(!err.contains("this is a bug"), err);
    return this;
  }
}

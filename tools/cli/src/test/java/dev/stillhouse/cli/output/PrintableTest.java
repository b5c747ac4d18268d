package dev.stillhouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatSteersATerminalIsEscaped() {
    assertEquals(
        "\\u001b]0;owned\\u0007\\u001b[2J", Printable.text("\u001b]0;owned\u0007\u001b[2J"));
    assertEquals("\\u009b31m", Printable.text("\u009b31m")); // CSI in one character
    assertEquals("a\\rb\\u0008\\u0000\\u007f", Printable.text("a\rb\b\0\u007f"));
    assertEquals("\\u202egnp.exe\\u202c", Printable.text("\u202egnp.exe\u202c"));
    assertEquals("\\u2066x\\u2069\\u200f", Printable.text("\u2066x\u2069\u200f"));
    assertEquals("\\u2028\\ufeff", Printable.text("\u2028\ufeff"));
    assertEquals("\\udb40\\udc41", Printable.text(Character.toString(0xE0041)));
    assertEquals("\\ud800x", Printable.text("\ud800x"));
  }

  @Test
  void textOfAllLanguagesStays() {
    String text = "na\u00efve \u4e16\u754c \ud83d\udc68\u200d\ud83d\udc69 \u05e9\u05dc\u05d5\u05dd";
    assertEquals(text, Printable.text(text));
    assertEquals("two\nlines\tone tab", Printable.text("two\nlines\tone tab"));
    assertEquals("two\\nlines\\tone tab", Printable.word("two\nlines\tone tab"));
  }

  @Property
  void isEscapedOnceHoweverOftenItPasses(@ForAll String text) {
    String once = Printable.text(text);
    assertEquals(once, Printable.text(once));
    assertTrue(Printable.word(text).chars().allMatch(c -> c >= ' ' && c != 0x7F), text);
  }

  /** Characters come whole however the bytes are cut. */
  @Property
  void aStreamGivesWhatTheTextGives(
      @ForAll String text, @ForAll @IntRange(min = 1, max = 7) int cut) throws IOException {
    String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    byte[] bytes = valid.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (OutputStream stream = new PrintableStream(to)) {
      for (int at = 0; at < bytes.length; at += cut) {
        stream.write(bytes, at, Math.min(cut, bytes.length - at));
      }
    }
    assertEquals(Printable.text(valid), to.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aStreamGivesLongTextsWhole() {
    String text = "\u001b\u4e16".repeat(20_000);
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (PrintStream printer = new PrintableStream(to).printer()) {
      printer.print(text);
    }
    assertEquals(Printable.text(text), to.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatCouldNotBeWrittenIsKnownButForAClosedPipe() {
    assertEquals(Optional.of("No space left on device"), failureOf("No space left on device"));
    assertEquals(Optional.empty(), failureOf("Broken pipe"));
  }

  private static Optional<String> failureOf(String message) {
    PrintableStream stream =
        new PrintableStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException(message);
              }
            });
    try (PrintStream printer = stream.printer()) {
      printer.println("result");
    }
    return stream.failure();
  }
}

package dev.stillhouse.pipeline.teacher.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightArgumentTest {
  @TempDir Path folder;

  @Test
  void serversAndSettings() {
    FlightArgument argument =
        FlightArgument.parse("//a.example:1;[::1]:65535;127.0.0.1:8815,dense=own,wait=0,context=9");
    assertEquals("flight:a.example:1;[::1]:65535;127.0.0.1:8815", argument.toString());
    assertEquals("own", argument.dense());
    assertEquals(0, argument.waitSeconds());
    assertEquals(600, argument.timeoutSeconds());
    assertEquals(9, argument.context());
  }

  @Test
  void theLabelOfADatasetHoldsNoPlace() {
    assertEquals("flight", TeacherName.parse("flight:secret-host:1,wait=5").label());
    assertEquals(
        "flight:dense=float32,context=8",
        TeacherName.parse("flight:secret-host:1,context=8,dense=float32").label());
  }

  @Test
  void aTokenComesFromAFileAndIsNeverShown() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "s3cret\n");
    FlightArgument argument = FlightArgument.parse("localhost:1,token-file=" + file);
    assertEquals("s3cret", argument.token());
    assertFalse((argument + argument.label()).contains("s3cret"));
    refused("far.example:1,token-file=" + file, "by TLS alone");
    Files.writeString(file, "two words");
    refused("localhost:1,token-file=" + file, "one word");
    refused("localhost:1,token-file=" + folder.resolve("none"), "cannot be read");
  }

  @Test
  void whatIsWrongIsNamed() {
    refused("", "need HOST:PORT");
    refused("localhost", "need HOST:PORT");
    refused("localhost:0", "need HOST:PORT");
    refused("localhost:65536", "need HOST:PORT");
    refused("localhost:1;", "need HOST:PORT");
    refused("http://localhost:1", "need HOST:PORT");
    refused("localhost:1,dense=float16", "own, float32 or bfloat16");
    refused("localhost:1,sparse=1", "no setting 'sparse'");
    refused("localhost:1,wait", "no setting 'wait'");
    refused("localhost:1,wait=-1", "whole number");
    refused("localhost:1,wait=1,wait=2", "a second time");
    refused("localhost:1,tls=/no/such/file", "PEM");
    UsageException e =
        assertThrows(UsageException.class, () -> FlightArgument.parse("me:pass@host:1"));
    assertFalse(String.valueOf(e.getMessage()).contains("pass"), e.toString());
  }

  private static void refused(String text, String why) {
    UsageException e = assertThrows(UsageException.class, () -> FlightArgument.parse(text));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.toString());
  }
}

package dev.stillhouse.pipeline.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same logits give the same bits: on every JDK and machine that runs this, with 16, 8 and 4
 * hardware lanes, and without any.
 */
class ArithmeticTest {
  /** Of {@link FusedExtractor#ARITHMETIC}: whoever changes it gives that another name. */
  private static final String LANES_16_1 = "45f9b3cc91c8f2e6";

  @Test
  void theTwinHasThePinnedBits() throws NoSuchAlgorithmException {
    assertEquals("lanes16-1", FusedExtractor.ARITHMETIC);
    assertEquals(LANES_16_1, ArithmeticDigest.of(new PlainLanes()));
  }

  @ParameterizedTest
  @CsvSource({"64,16", "32,8", "16,4"})
  void everyWidthHasThePinnedBits(int bytes, int lanes) throws IOException, InterruptedException {
    assertTrue(Extractors.vector(), "plain loops run here, not vectors");
    String told = message("-XX:MaxVectorSize=" + bytes);
    assertEquals(LANES_16_1, told.substring(told.lastIndexOf(' ') + 1), told);
    // Narrower hardware has fewer; where the flag is unknown, so is what it gives.
    assertTrue(told.contains(lanes + " lanes") || bytes == 64, told);
  }

  private static String message(String flag) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", flag));
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ArithmeticDigest.class.getName());
    Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(0, process.waitFor(), told);
    return told;
  }
}

package dev.stillhouse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program in a JVM of its own, with this one's flags, classes and Java. */
public final class ChildJvm {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ChildJvm() {}

  /** Returns the flags of this JVM, but for agents. */
  static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent"))
        .toList();
  }

  /**
   * Runs a program that prints one JSON object.
   *
   * @param flags of the JVM
   * @param main class
   * @throws DataException if it ends with another code than 0
   */
  public static JsonNode run(List<String> flags, String main, List<String> words)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(flags);
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    all.addAll(words);
    Process process =
        new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (InputStream out = process.getInputStream()) {
      byte[] told = out.readAllBytes();
      int code = process.waitFor();
      if (code != 0) {
        throw DataException.of("%s ended with code %d", String.join(" ", words), code);
      }
      return MAPPER.readTree(told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while a program was measured", e);
    } finally {
      process.destroy(); // Dead already, unless something went wrong here.
    }
  }

  /** Returns this JVM's flags with another limit of the heap, as {@code -Xmx256m}. */
  public static List<String> withHeap(String heap) {
    List<String> all = new ArrayList<>();
    flags().stream().filter(option -> !option.startsWith("-Xmx")).forEach(all::add);
    all.add(heap);
    return all;
  }
}

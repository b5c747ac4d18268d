package dev.stillhouse.tools.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The most memory that a process ever had resident (Linux's VmHWM), of a job and of one ten times
 * as long: each in a JVM of its own, with {@value #HEAP} unless this one was given another limit,
 * since a JVM with room to spare lets garbage lie.
 */
final class PeakMemory {
  private static final String HEAP = "-Xmx512m";
  private static final String MAIN = "dev.stillhouse.tools.Stillhouse";
  private static final Path STATUS = Path.of("/proc/self/status");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PeakMemory() {}

  /** Megabytes, of this process. */
  static double ofThisProcess() throws IOException {
    if (Files.isReadable(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
        }
      }
    }
    throw new DataException("no VmHWM in " + STATUS + ": only Linux tells a process's peak memory");
  }

  /**
   * Runs both jobs.
   *
   * @param command the words of a command that runs over so many sequences and prints a report
   */
  static List<Map<String, Object>> measure(IntFunction<List<String>> command, int sequences)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    double smaller = 0;
    for (int times : new int[] {1, 10}) {
      JsonNode told = run(command.apply(times * sequences)).get("rows").get(0);
      Map<String, Object> row = MAPPER.convertValue(told, new TypeReference<>() {});
      double peak = told.get("peakResidentMegabytes").asDouble();
      if (times == 1) {
        smaller = peak;
      } else {
        row.put("overTenthOfPositions", peak / smaller);
      }
      rows.add(row);
    }
    return rows;
  }

  private static JsonNode run(List<String> words) throws IOException {
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    options.stream().filter(option -> !option.startsWith("-javaagent")).forEach(all::add);
    if (options.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      all.add(HEAP);
    }
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
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
      throw new DataException("interrupted while a job was measured", e);
    } finally {
      process.destroy(); // Dead already, unless something went wrong here.
    }
  }
}

package dev.stillhouse.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.cli.Stillhouse;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Measures the peak of resident memory (Linux's VmHWM) of a job and of one ten times as long. Each
 * runs in a JVM of its own with {@value #HEAP}, unless this one has another limit, since a JVM with
 * more heap leaves garbage longer.
 */
public final class PeakMemory {
  private static final String HEAP = "-Xmx512m";
  private static final String MAIN = Stillhouse.class.getName();
  private static final Path STATUS = Path.of("/proc/self/status");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PeakMemory() {}

  /** Returns the peak of this process, in megabytes. */
  public static double ofThisProcess() throws IOException {
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
   * @param command the words of a command that runs over a number of sequences and prints a report
   */
  static List<Map<String, Object>> measure(IntFunction<List<String>> command, int sequences)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    double smaller = 0;
    for (int times : new int[] {1, 10}) {
      JsonNode told =
          ChildJvm.run(flags(), MAIN, command.apply(times * sequences)).get("rows").get(0);
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

  private static List<String> flags() {
    List<String> flags = new ArrayList<>(ChildJvm.flags());
    if (flags.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      flags.add(HEAP);
    }
    return flags;
  }
}

package dev.stillhouse.bench.loader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.bench.ChildJvm;
import dev.stillhouse.bench.PeakMemory;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.StudentLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures the memory of an epoch: a JVM of its own with {@value #HEAP} loads it. */
public final class LoaderMemory {
  static final String HEAP = "-Xmx128m";
  private static final long AHEAD = 48L << 20;

  private LoaderMemory() {}

  /** Returns the peak of resident memory in megabytes, and positions a second. */
  static JsonNode of(Path dataset) throws IOException {
    List<String> flags = new ArrayList<>(ChildJvm.withHeap(HEAP));
    flags.add("-XX:+UseSerialGC"); // Does not grow because there is room to grow.
    return ChildJvm.run(flags, LoaderMemory.class.getName(), List.of(dataset.toString()));
  }

  /** Loads an epoch of the named dataset. */
  public static void main(String[] words) throws IOException {
    long start = System.nanoTime();
    long samples = 0;
    try (Dataset dataset = Dataset.open(words[0]);
        StudentLoader loader = StudentLoader.open(dataset).batch(8).ahead(AHEAD).start()) {
      while (loader.hasNext()) {
        samples += loader.next().sequences().length;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long positions = samples * dataset.manifest().sequenceLength();
      System.out.println(
          Json.line(
              Map.of(
                  "positions",
                  positions,
                  "positionsPerSecond",
                  positions / seconds,
                  "residentMegabytes",
                  PeakMemory.ofThisProcess())));
    }
  }
}

package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.cli.Command;
import dev.stillhouse.cli.TestTexts;
import dev.stillhouse.cli.TinyTokenizer;
import dev.stillhouse.pipeline.extract.Extractors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What benchmarks promise to programs; never how fast. */
@Tag("slow")
class BenchTest {
  @TempDir Path directory;

  @Test
  void packingTellsMachineAndFigures() throws IOException {
    Path text = TestTexts.text(directory.resolve("a.txt"), 3000);
    JsonNode told =
        Command.run("bench", "packing", "--corpus", text, "--rounds", 1, "--json").json();
    assertTrue(told.get("machine").get("cores").asInt() >= 1, told.toString());
    assertTrue(told.get("machine").hasNonNull("cpu") && told.get("machine").hasNonNull("jdk"));
    JsonNode row = told.get("rows").get(0);
    assertEquals("gpt2", row.get("tokenizer").asText());
    assertTrue(row.get("megabytesPerSecond").asDouble() > 0, row.toString());
  }

  @Test
  void servedTellsRatesAndTheJobsTime() throws IOException {
    JsonNode rows =
        Command.line(
                "bench served --k 4 --rounds 1 --prompts 1 --job-sequences 4 --rate 100000 --json")
            .json()
            .get("rows");
    assertTrue(rows.get(0).get("overJackson").asDouble() > 0, rows.toString());
    assertTrue(rows.get(1).get("positionsPerSecond").asDouble() > 0, rows.toString());
    assertTrue(rows.get(2).get("overServer").asDouble() > 0, rows.toString());
  }

  @Test
  void extractTellsTheShareOfBandwidth() throws IOException {
    assertTrue(Extractors.vector(), "plain loops run here, not vectors");
    JsonNode rows =
        Command.run(
                "bench",
                "extract",
                "--vocabulary",
                5000,
                "--k",
                8,
                "--megabytes",
                40,
                "--rounds",
                1,
                "--json")
            .json()
            .get("rows");
    JsonNode kernel = rows.get(0);
    assertEquals(5000, kernel.get("vocabulary").asInt());
    assertEquals(8, kernel.get("k").asInt());
    assertEquals(1, kernel.get("threads").asInt());
    assertEquals("float32", kernel.get("dtype").asText());
    for (String figure :
        new String[] {"positionsPerSecond", "gigabytesPerSecond", "shareOfBandwidth"}) {
      assertTrue(kernel.get(figure).asDouble() > 0, kernel.toString());
    }
    JsonNode narrow = rows.get(rows.size() - 1);
    assertEquals("bfloat16", narrow.get("dtype").asText());
    assertTrue(narrow.get("overFloat32").asDouble() > 0, narrow.toString());
    assertEquals(
        List.of(
            "kernel",
            "+sample:50",
            "+normaliser-at:2.0",
            "plain twin",
            "definition",
            "priority queue"),
        rows.findValuesAsText("name").stream().distinct().toList());
    Command.run("bench", "extract", "--vocabulary", 10, "--k", 11).fails(2, "--k");
    Command.run("bench", "extract", "--quick", "--megabytes", 0).fails(2, "--megabytes 0");
  }

  @Test
  void statisticsTellWhatEachBrings() throws IOException {
    Path text = TestTexts.text(directory.resolve("text.txt"), 4000);
    Path tokenizer = TinyTokenizer.write(directory.resolve("tokenizer.json"));
    JsonNode rows =
        Command.run(
                "bench",
                "statistics",
                "--corpus",
                text,
                "--tokenizer",
                tokenizer,
                "--k",
                5,
                "--positions",
                512,
                "--draws",
                "4,1024",
                "--json")
            .json()
            .get("rows");
    assertEquals(
        List.of("top-k:5", "sample:4", "top-k:5+sample:4", "sample:1024", "top-k:5+sample:1024"),
        rows.findValuesAsText("name").stream().distinct().toList());
    double few = rows.get(3).get("errorOfTheMean").asDouble();
    double many = rows.get(5).get("errorOfTheMean").asDouble();
    assertTrue(many < few / 4, rows.toString()); // A sixteenth, but for chance.
    assertTrue(many < rows.get(0).get("errorOfTheMean").asDouble(), rows.toString());
    Command.run("bench", "statistics", "--corpus", text, "--draws", 0).fails(2, "character 8");
  }

  @Test
  void pipelineTellsTheJobOverItsKernelAndItsGenerationZero() throws IOException {
    JsonNode rows =
        Command.run(
                "bench",
                "pipeline",
                "--vocabulary",
                500,
                "--k",
                8,
                "--sequences",
                8,
                "--rounds",
                1,
                "--json")
            .json()
            .get("rows");
    assertEquals("kernel alone", rows.get(0).get("name").asText());
    JsonNode job = rows.get(1);
    assertEquals("extract job", job.get("name").asText());
    assertEquals(500, job.get("vocabulary").asInt());
    assertEquals(8 * 512, job.get("positions").asInt());
    assertEquals("columns", job.get("layout").asText());
    for (String figure : new String[] {"positionsPerSecond", "overKernel", "startShare"}) {
      assertTrue(job.get(figure).asDouble() > 0, job.toString());
    }
    assertTrue(rows.get(2).get("overJob").asDouble() > 0, rows.toString());
    Command.run("bench", "pipeline", "--sequences", 3).fails(2, "--sequences >= 4");
  }

  @Test
  void pipelineTellsThePeakMemoryOfAJobAndOfOneTenTimesAsLong() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "only Linux tells peak memory");
    JsonNode rows =
        Command.run(
                "bench",
                "pipeline",
                "--memory",
                "--vocabulary",
                500,
                "--k",
                8,
                "--sequences",
                16,
                "--json")
            .json()
            .get("rows");
    assertEquals(10 * rows.get(0).get("positions").asLong(), rows.get(1).get("positions").asLong());
    assertTrue(rows.get(0).get("peakResidentMegabytes").asDouble() > 10, rows.toString());
    assertTrue(rows.get(1).get("overTenthOfPositions").asDouble() > 0, rows.toString());
  }

  @Test
  void whatIsNoBenchmarkIsToldWithThosePresent() {
    Command.run("bench").fails(2, "benchmark's name");
    Command.run("bench", "--help").succeeds();
    Command.run("bench", "onnx", "--teacher", "ngram").fails(2, "--teacher onnx:FILE");
    Command.run("bench", "packing", "--corpus", directory, "--rounds", 0).fails(2, "--rounds 0");
  }
}

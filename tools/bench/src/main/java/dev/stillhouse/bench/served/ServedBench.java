package dev.stillhouse.bench.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.bench.Goal;
import dev.stillhouse.bench.Report;
import dev.stillhouse.bench.Turns;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.job.pack.RandomTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.served.ServedAlone;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench served}: measures how fast servers' answers become statistics, and what a whole
 * extraction adds to the time of a server of a stated rate.
 */
@Command(
    name = "served",
    description = {
      "How fast answers of vLLM and SGLang become statistics, beside Jackson's streaming parser;",
      "and the time of a whole extraction over the server's own."
    },
    mixinStandardHelpOptions = true)
public final class ServedBench implements Callable<Integer> {
  private static final int LENGTH = 512; // positions of a prompt
  private static final double NEED_VLLM = 50_000;
  private static final double NEED_JACKSON = 2;
  private static final double NEED_SGLANG = 300_000;
  private static final double NEED_JOB = 1.05;

  @Mixin private Terminal terminal = new Terminal();

  @Option(names = "--k", defaultValue = "64", description = "Entries of a position.")
  private int k = 64;

  @Option(names = "--rounds", defaultValue = "9")
  private int rounds = 9;

  @Option(names = "--prompts", defaultValue = "8", description = "Of 512 positions, in a round.")
  private int prompts = 8;

  @Option(
      names = "--answer",
      paramLabel = "FILE.json.gz",
      description = "A recorded answer of vLLM at k entries, with its request; made up without it.")
  private @Nullable Path answer;

  @Option(
      names = "--rate",
      defaultValue = "10000",
      description = "Positions that the job's server scores in a second.")
  private double rate = 10_000;

  @Option(names = "--job-sequences", defaultValue = "200", description = "0 leaves the job out.")
  private int jobSequences = 200;

  private final List<Goal> goals = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    MadeUpAnswer madeUp = new MadeUpAnswer(k);
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(vllm(madeUp));
    rows.add(sglang(madeUp));
    if (jobSequences > 0) {
      rows.add(job(madeUp));
    }
    Report.of(rows).print(terminal);
    goals.forEach(goal -> terminal.say("%s", goal));
    return 0;
  }

  /** A prompt and its answer. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
  private record Scored(int[] prompt, byte[] answer) {}

  private Scored recorded(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      ObjectMapper json = new ObjectMapper();
      JsonNode exchange = json.readTree(in);
      JsonNode body = exchange.at("/request/body");
      return new Scored(
          json.convertValue(body.get(body.has("prompt") ? "prompt" : "token_ids"), int[].class),
          exchange.at("/response/body").asText().getBytes(StandardCharsets.UTF_8));
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static Runnable unchecked(Task task) {
    return () -> {
      try {
        task.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private Map<String, Object> vllm(MadeUpAnswer madeUp) throws IOException {
    List<Scored> all = new ArrayList<>();
    Random random = new Random(2);
    while (all.size() < prompts) {
      int[] prompt = madeUp.prompt(LENGTH + 1, random);
      all.add(answer == null ? new Scored(prompt, madeUp.completions(prompt)) : recorded(answer));
    }
    Selection selection = Selection.topK(MadeUpAnswer.VOCABULARY, k);
    JacksonScores jackson = new JacksonScores();
    Turns turns =
        Turns.of(
            rounds,
            unchecked(
                () -> {
                  for (Scored one : all) {
                    ServedAlone.vllm(one.answer, one.prompt, selection);
                  }
                }),
            unchecked(
                () -> {
                  for (Scored one : all) {
                    jackson.read(one.answer);
                  }
                }));
    long positions = all.stream().mapToLong(one -> one.prompt.length - 1).sum();
    long bytes = all.stream().mapToLong(one -> one.answer.length).sum();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "vLLM, " + (answer == null ? "made up" : answer.getFileName()) + ", k=" + k);
    row.put("bytesPerPosition", (double) bytes / positions);
    row.put("positionsPerSecond", positions / turns.first());
    row.put("megabytesPerSecond", bytes / turns.first() / 1e6);
    row.put("jacksonPositionsPerSecond", positions / turns.second());
    row.put("overJackson", turns.ratio());
    goals.add(Goal.atLeast("vLLM's JSON, positions/s", positions / turns.first(), NEED_VLLM));
    goals.add(Goal.atLeast("... over Jackson's streaming parser", turns.ratio(), NEED_JACKSON));
    return row;
  }

  private Map<String, Object> sglang(MadeUpAnswer madeUp) {
    List<Scored> all = new ArrayList<>();
    Random random = new Random(3);
    while (all.size() < prompts) {
      int[] prompt = madeUp.prompt(LENGTH + 1, random);
      all.add(new Scored(prompt, madeUp.generate(prompt)));
    }
    Selection selection = Selection.topK(MadeUpAnswer.VOCABULARY, k);
    Runnable task =
        unchecked(
            () -> {
              for (Scored one : all) {
                ServedAlone.sglang(one.answer, one.prompt, selection);
              }
            });
    Turns turns = Turns.of(rounds, task, task);
    double seconds = (turns.first() + turns.second()) / 2;
    long positions = (long) prompts * LENGTH;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "SGLang, base64, k=" + k);
    row.put("bytesPerPosition", (double) all.get(0).answer.length / LENGTH);
    row.put("positionsPerSecond", positions / seconds);
    goals.add(Goal.atLeast("SGLang's base64, positions/s", positions / seconds, NEED_SGLANG));
    return row;
  }

  private Map<String, Object> job(MadeUpAnswer madeUp) throws IOException {
    Path directory = Files.createTempDirectory("stillhouse-served");
    try (SlowServer server = new SlowServer(madeUp, rate)) {
      RandomTokens source =
          new RandomTokens(
              MadeUpAnswer.VOCABULARY,
              new Packing(LENGTH, Math.max(1, jobSequences / 4), null),
              jobSequences,
              directory.resolve("tokens"));
      double wall = 0;
      double own = 0;
      for (String out : new String[] {"warm", "out"}) {
        double before = server.busySeconds();
        long start = System.nanoTime();
        ExtractJob.run(
            new ExtractRequest(
                source,
                "vllm:" + server.url(),
                "top-k:" + k,
                "columns",
                directory.resolve(out).toString(),
                false,
                List.of()),
            JobListener.NONE);
        wall = (System.nanoTime() - start) / 1e9;
        own = server.busySeconds() - before;
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", "whole extraction from a server of " + Math.round(rate) + " positions/s");
      row.put("seconds", wall);
      row.put("serverSeconds", own);
      row.put("overServer", wall / own);
      goals.add(Goal.atMost("extraction over the server's own time", wall / own, NEED_JOB));
      return row;
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}

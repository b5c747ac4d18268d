package dev.stillhouse.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The jobs that a campaign disturbs, each as the words of a command.
 *
 * @param home the dataset's first region
 * @param far the region that a copy goes to
 * @param out the dataset that a migration writes
 * @param inputs the folder that the jobs' texts, tokenizer and forced ids are written to
 */
record CampaignJobs(String home, String far, String out, Path inputs) {

  enum Job {
    EXTRACT,
    PLACE,
    APPEND,
    MIGRATE,
    REPLICATE,
    REPAIR,
    GC,
    PIN
  }

  private List<String> extract(Path corpus, String... options) throws IOException {
    Path forced = TestTexts.write(inputs.resolve("forced.txt"), "3\n5\n");
    Path tokenizer = TinyTokenizer.write(inputs.resolve("tiny.json"));
    List<String> words = new ArrayList<>(List.of("extract", "--out", home));
    words.addAll(List.of("--corpus", corpus.toString(), "--tokenizer", tokenizer.toString()));
    words.addAll(List.of("--statistic", "top-k:4+forced:" + forced, "--layout", "rows"));
    words.addAll(List.of("--sequence-length", "64", "--shard-sequences", "8"));
    words.add("--targetParallelism=1");
    words.addAll(List.of(options));
    return words;
  }

  private Path first() throws IOException {
    return TestTexts.text(inputs.resolve("a.txt"), 600);
  }

  private Path second() throws IOException {
    return TestTexts.write(inputs.resolve("b.txt"), "Loomings. ".repeat(60));
  }

  List<String> words(Job job) throws IOException {
    return switch (job) {
      case EXTRACT -> extract(first());
      case PLACE -> extract(first(), "--replicate-to", "far=" + far);
      case APPEND -> extract(second(), "--append");
      case MIGRATE ->
          List.of("migrate", home, "--layout", "columns", "--out", out, "--targetParallelism=1");
      case REPLICATE ->
          List.of("replicate", home, "--to", far, "--region", "far", "--targetParallelism=1");
      case REPAIR -> List.of("verify", home, "--repair");
      case GC -> List.of("gc", home, "--keep", "1", "--grace", "0s", "--delete");
      case PIN -> List.of("pin", home, "--days", "1", "--for", "a student");
    };
  }

  Command run(Job job) throws IOException {
    return Command.run(words(job).toArray());
  }

  /** Makes what must be there before a job, except for damage and strays. */
  void prepare(Job job) throws IOException {
    if (job == Job.EXTRACT || job == Job.PLACE) {
      return;
    }
    run(Job.EXTRACT).succeeds();
    if (job == Job.REPAIR) {
      run(Job.REPLICATE).succeeds();
    }
    if (job == Job.GC) {
      run(Job.APPEND).succeeds();
    }
  }

  /** Checks that each of the three places holds a sound dataset or none. */
  void assertNothingWrongIsVisible() {
    for (String place : List.of(home, far, out)) {
      Command verified = Command.run("verify", place);
      if (verified.code() != 0 && !verified.err().contains("no dataset here")) {
        throw new AssertionError("visible: " + verified.out() + verified.err());
      }
    }
  }
}

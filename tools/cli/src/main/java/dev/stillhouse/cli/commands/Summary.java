package dev.stillhouse.cli.commands;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.Origin;
import dev.stillhouse.storage.manifest.RoundingHistory;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.TeacherNote;
import dev.stillhouse.storage.manifest.Totals;
import java.util.List;

/**
 * A dataset in the results of {@code extract}, {@code migrate} and {@code inspect}; the keys are
 * promised to programs.
 *
 * @param seconds that the command took
 * @param meanTargetLogProb nats
 * @param meanEntropy nats
 * @param meanTailMass probability
 * @param skipped documents of the corpus that were left out
 * @param origins datasets that it was migrated through, the last is the one that was read
 * @param teacherNotes how exact the teacher's log-probs were; none or one
 * @param rounded layouts that have rounded its log-probs since the teacher gave them, in order
 */
record Summary(
    String dataset,
    long version,
    String digest,
    String fingerprint,
    String layout,
    String statistic,
    String teacher,
    String tokenizer,
    int vocabulary,
    int shards,
    long sequences,
    long positions,
    long bytes,
    double seconds,
    double meanTargetLogProb,
    double meanEntropy,
    double meanTailMass,
    Skipped skipped,
    List<Origin> origins,
    List<String> rounded,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TeacherNote> teacherNotes) {

  static Summary of(String dataset, Manifest manifest, double seconds) {
    Totals totals = manifest.totals();
    return new Summary(
        dataset,
        manifest.version(),
        manifest.digest(),
        manifest.fingerprint(),
        manifest.identity().layout(),
        manifest.identity().statistic(),
        manifest.teacher(),
        manifest.tokenizer(),
        manifest.vocabulary(),
        manifest.shards().size(),
        manifest.sequences(),
        totals.positions(),
        manifest.bytes(),
        seconds,
        totals.meanTargetLogProb(),
        totals.meanEntropy(),
        totals.meanTailMass(),
        manifest.skipped(),
        manifest.origins(),
        RoundingHistory.of(manifest.identity()).layouts(),
        manifest.teacherNotes());
  }

  void print(Terminal terminal) {
    terminal.say("dataset      %s (version %d)", dataset, version);
    terminal.say("digest       %s", digest);
    terminal.say("fingerprint  %s", fingerprint);
    terminal.say(
        "content      %s by teacher %s, layout %s, tokenizer %s (%,d ids)",
        statistic.replaceAll("([0-9a-f]{12})[0-9a-f]{52}", "$1..."),
        teacher,
        layout,
        tokenizer,
        vocabulary);
    terminal.say(
        "size         %,d positions in %,d sequences, %,d shard%s, %s (%.1f bytes a position)",
        positions,
        sequences,
        shards,
        shards == 1 ? "" : "s",
        Terminal.bytes(bytes),
        (double) bytes / Math.max(1, positions));
    terminal.say(
        "means        target %.3f nats, entropy %s, mass not kept %.4f",
        meanTargetLogProb,
        Double.isNaN(meanEntropy) ? "not known" : Terminal.text("%.3f nats", meanEntropy),
        meanTailMass);
    for (TeacherNote note : teacherNotes) {
      if (note.boundNats() > 0) {
        terminal.say(
            "teacher      right to %.1e nats; log-probs %.0f nats below the best are raised to"
                + " there",
            note.boundNats(), note.clampNats());
      }
      if (note.excessPositions() > 0) {
        terminal.say(
            "mass         above 1 at %,d positions, by up to %.1e, and corrected",
            note.excessPositions(), note.largestExcess());
      }
    }
    if (skipped.count() > 0) {
      terminal.say("skipped      %s", skipped);
    }
    for (Origin origin : origins) {
      terminal.say(
          "migrated     from layout %s (version %d of %s...); %s",
          origin.layout(),
          origin.version(),
          origin.digest().substring(0, 12),
          origin.largestError() > 0
              ? Terminal.text(
                  "log-probs differ by up to %.3g nats, of %.3g that are allowed",
                  origin.largestError(), origin.errorBound())
              : "no log-prob differs from those there (error 0 nats)");
    }
    if (!origins.isEmpty()) {
      terminal.say(
          "log-probs    %s",
          rounded.isEmpty()
              ? "exactly those that were extracted"
              : "rounded by layout "
                  + String.join(", then by ", rounded)
                  + " since they were extracted; no migration brings back what that lost");
    }
  }
}

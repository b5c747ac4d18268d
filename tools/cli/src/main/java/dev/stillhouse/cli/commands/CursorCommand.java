package dev.stillhouse.cli.commands;

import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.storage.loader.Cursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cursor}: shows a cursor, and adds up the cursors of ranks. */
@Command(
    name = "cursor",
    description = "Shows a cursor, or adds the cursors of all ranks up to one.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse cursor cursor.json",
      "  stillhouse cursor rank-*.json --out cursor.json",
      "  stillhouse cursor cursor.json --batch 64 --out larger-steps.json",
      "",
      "Two runs whose cursors have the same digest consumed the same tokens at the same",
      "places, and with the same values digest the same values, on however many ranks."
    })
public final class CursorCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Cursors, one of each rank.")
  private List<Path> files = List.of();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "The same place, for steps of N sequences from there on.")
  private @Nullable Integer batch;

  @Option(names = "--out", paramLabel = "FILE", description = "Write what they add up to.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    if (out != null) {
      WholeFile.check("--out", out);
    }
    List<Cursor> cursors = new ArrayList<>();
    for (Path file : files) {
      cursors.add(CursorFile.read("cursor", file));
    }
    Cursor cursor = cursors.size() == 1 ? cursors.get(0) : Cursor.merge(cursors);
    cursor = batch == null ? cursor : cursor.withBatch(batch);
    if (out != null) {
      CursorFile.write(out, cursor);
    }
    terminal.say("data     %s...", cursor.data());
    terminal.say("order    %s, seed %d", cursor.order(), cursor.seed());
    terminal.say(
        "place    %,d samples, steps of %,d%s",
        cursor.samples(),
        cursor.batch(),
        cursor.part().isEmpty() ? "" : "; digests of rank " + cursor.part() + " alone");
    terminal.say("digest   %s", cursor.digest());
    terminal.say("values   %s", cursor.values());
    terminal.result(cursor);
    return 0;
  }
}

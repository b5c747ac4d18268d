package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.replica.ReadContext;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: shows a dataset at a glance, or one position in full. */
@Command(
    name = "inspect",
    description = "Shows a dataset, or what the teacher said at one position.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse inspect my-dataset",
      "  stillhouse inspect my-dataset --sequence 3 --position 100"
    })
public final class InspectCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private ReaderOptions reading = new ReaderOptions();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the newest).")
  private @Nullable Long version;

  @Option(names = "--sequence", paramLabel = "N", description = "Number of a sequence, from 0.")
  private @Nullable Long sequence;

  @Option(names = "--position", paramLabel = "P", description = "Position in it, from 0.")
  private @Nullable Integer position;

  @Option(
      names = "--most",
      defaultValue = "10",
      description = "Entries shown to a person (default: ${DEFAULT-VALUE}); --json has all.")
  private int max = 10;

  @Override
  public Integer call() throws IOException {
    if ((sequence == null) != (position == null)) {
      throw new UsageException("--sequence and --position belong together");
    }
    long start = System.nanoTime();
    ReadContext context = reading.context();
    try (Dataset opened =
        version == null
            ? Dataset.open(dataset, ReadOptions.DEFAULT.from(context))
            : Dataset.open(dataset, ReadOptions.DEFAULT.from(context).version(version))) {
      if (sequence == null || position == null) {
        Summary summary = Summary.of(dataset, opened.manifest(), (System.nanoTime() - start) / 1e9);
        summary.print(terminal);
        terminal.result(summary, opened.ledger());
      } else {
        PositionView view = PositionView.of(opened, sequence, position);
        view.print(terminal, max);
        terminal.result(view.message(), opened.ledger());
      }
      RunSummary.tell(terminal, dataset, opened);
    }
    return 0;
  }
}

package dev.stillhouse.cli;

import dev.stillhouse.storage.UsageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Stands for {@code bench} if its module is not on the class path. The overview and the shell's
 * completion know it all the same, without the libraries that it compares with.
 */
@Command(
    name = "bench",
    description = BenchStandIn.DESCRIPTION,
    mixinStandardHelpOptions = true,
    footerHeading = "%nStart it with the launcher, which builds it:%n",
    footer = "  stillhouse bench --help")
public final class BenchStandIn implements Runnable {
  /** Purpose of {@code bench}, in one sentence. */
  public static final String DESCRIPTION = "Measures the parts of the line on this machine.";

  /** The names of the benchmarks. */
  public static final List<String> NAMES =
      List.of(
          "extract",
          "layouts",
          "links",
          "loader",
          "onnx",
          "packing",
          "pipeline",
          "regions",
          "served",
          "statistics");

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "The benchmark and its options: ${COMPLETION-CANDIDATES}.")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    throw new UsageException(
        "bench "
            + String.join(" ", words)
            + ": the benchmarks are not on this class path; start them with ./stillhouse bench,"
            + " which builds them and adds tools/bench/target/lib");
  }

  /** The names, for help and completion. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return NAMES.iterator();
    }
  }
}

package dev.stillhouse.bench;

import dev.stillhouse.bench.layouts.LayoutsBench;
import dev.stillhouse.bench.links.LinksBench;
import dev.stillhouse.bench.loader.LoaderBench;
import dev.stillhouse.bench.regions.RegionsBench;
import dev.stillhouse.bench.served.ServedBench;
import dev.stillhouse.cli.BenchStandIn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: the benchmarks. */
@Command(
    name = "bench",
    description = BenchStandIn.DESCRIPTION,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      ExtractBench.class,
      LayoutsBench.class,
      LinksBench.class,
      LoaderBench.class,
      OnnxBench.class,
      PackingBench.class,
      PipelineBench.class,
      RegionsBench.class,
      ServedBench.class,
      StatisticsBench.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse bench extract --quick",
      "  stillhouse bench layouts my-dataset",
      "  stillhouse bench links --quick",
      "  stillhouse bench loader",
      "  stillhouse bench onnx --teacher onnx:model.onnx",
      "  stillhouse bench packing --corpus books/ --tokenizer gpt2 --json",
      "  stillhouse bench pipeline --quick",
      "  stillhouse bench regions --report regions.html",
      "  stillhouse bench served",
      "  stillhouse bench statistics --corpus books/"
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing the benchmark's name.");
  }
}

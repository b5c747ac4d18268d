package dev.stillhouse.tools;

import dev.stillhouse.storage.region.Waits;
import dev.stillhouse.tools.bench.BenchCommand;
import dev.stillhouse.tools.commands.CompletionCommand;
import dev.stillhouse.tools.commands.CursorCommand;
import dev.stillhouse.tools.commands.DemoCommand;
import dev.stillhouse.tools.commands.ExtractCommand;
import dev.stillhouse.tools.commands.GcCommand;
import dev.stillhouse.tools.commands.InspectCommand;
import dev.stillhouse.tools.commands.LoadCommand;
import dev.stillhouse.tools.commands.MigrateCommand;
import dev.stillhouse.tools.commands.PinCommand;
import dev.stillhouse.tools.commands.ReplicateCommand;
import dev.stillhouse.tools.commands.VerifyCommand;
import dev.stillhouse.tools.output.Streams;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 something is wrong with data or run, 2 wrong use. */
@Command(
    name = "stillhouse",
    description = "The data infrastructure of LLM distillation.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ExtractCommand.class,
      InspectCommand.class,
      VerifyCommand.class,
      MigrateCommand.class,
      ReplicateCommand.class,
      GcCommand.class,
      PinCommand.class,
      LoadCommand.class,
      CursorCommand.class,
      BenchCommand.class,
      CompletionCommand.class
    },
    footerHeading = "%nStart here:%n",
    footer = "  stillhouse demo")
public final class Stillhouse implements Runnable {
  @Spec private CommandSpec spec;

  private Stillhouse() {}

  /** Without a command there is nothing to do: wrong use, and the usage says what there is. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command.");
  }

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    boolean verbose = Arrays.asList(args).contains("--verbose");
    // Libraries log through slf4j: quiet, unless asked. Read when the first logger is made.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "error");
    System.setProperty("org.slf4j.simpleLogger.log.dev.stillhouse", "warn");
    System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
    System.setProperty("org.slf4j.simpleLogger.showShortLogName", "true");
    // Tokens are text of all languages: UTF-8, whatever the locale says.
    System.exit(
        run(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            args));
  }

  /** Returns the command above all others. */
  static Object root() {
    return new Stillhouse();
  }

  /** Runs a command; returns its exit code. */
  static int run(OutputStream out, OutputStream err, String... args) {
    try (Streams streams = Streams.open(out, err);
        WaitTeller waits = new WaitTeller(Waits.OF_PROCESS, System.err::println).start()) {
      int code = new CommandRun(root(), streams, List.of(args)).execute(args);
      Optional<String> failure = streams.failure();
      if (failure.isPresent()) {
        System.err.println("stillhouse: standard output cannot be written: " + failure.get());
        return code == 0 ? CommandRun.WRONG : code;
      }
      return code;
    }
  }
}

package dev.stillhouse.cli;

import dev.stillhouse.cli.commands.CompletionCommand;
import dev.stillhouse.cli.commands.CursorCommand;
import dev.stillhouse.cli.commands.DemoCommand;
import dev.stillhouse.cli.commands.ExportCommand;
import dev.stillhouse.cli.commands.ExtractCommand;
import dev.stillhouse.cli.commands.GcCommand;
import dev.stillhouse.cli.commands.ImportCommand;
import dev.stillhouse.cli.commands.InspectCommand;
import dev.stillhouse.cli.commands.LoadCommand;
import dev.stillhouse.cli.commands.MigrateCommand;
import dev.stillhouse.cli.commands.PinCommand;
import dev.stillhouse.cli.commands.ReplicateCommand;
import dev.stillhouse.cli.commands.ServeCommand;
import dev.stillhouse.cli.commands.VerifyCommand;
import dev.stillhouse.cli.output.OrderlyStop;
import dev.stillhouse.cli.output.Streams;
import dev.stillhouse.storage.store.Waits;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
      ImportCommand.class,
      InspectCommand.class,
      VerifyCommand.class,
      MigrateCommand.class,
      ExportCommand.class,
      ReplicateCommand.class,
      GcCommand.class,
      PinCommand.class,
      LoadCommand.class,
      CursorCommand.class,
      ServeCommand.class
    },
    footerHeading = "%nStart here:%n",
    footer = "  stillhouse demo")
public final class Stillhouse implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Stillhouse() {}

  /** Refuses a command line without a command, and shows the overview. */
  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    line.getErr().println(Overview.text(line));
    return CommandRun.WRONG_USE;
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

  /** Returns the command line with the commands of all modules on the class path. */
  static CommandLine commands() {
    CommandLine line = new CommandLine(new Stillhouse());
    ClassLoader ours = CommandProvider.class.getClassLoader();
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class, ours)) {
      line.addSubcommand(provider.command());
    }
    if (!line.getSubcommands().containsKey("bench")) {
      // What its options are, only its module knows.
      line.addSubcommand(
          new CommandLine(new BenchStandIn()).setUnmatchedOptionsArePositionalParams(true));
    }
    Overview.into(line.addSubcommand(new CompletionCommand()));
    return line;
  }

  /** Runs a command; returns its exit code. */
  static int run(OutputStream out, OutputStream err, String... args) {
    try (OrderlyStop stop = OrderlyStop.open();
        Streams streams = Streams.open(out, err);
        WaitTeller waits = new WaitTeller(Waits.OF_PROCESS, System.err::println).start()) {
      int code = new CommandRun(commands(), streams, List.of(args)).execute(args);
      Optional<String> failure = streams.failure();
      if (failure.isPresent()) {
        System.err.println("stillhouse: standard output cannot be written: " + failure.get());
        return code == 0 ? CommandRun.WRONG : code;
      }
      return code;
    }
  }
}

package dev.stillhouse.tools;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
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
import dev.stillhouse.tools.commands.Terminal;
import dev.stillhouse.tools.commands.VerifyCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
  private static final int WRONG = 1;
  private static final int WRONG_USE = 2;

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
    // Tokens are text of all languages, whatever the locale says.
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    // Libraries log through slf4j: quiet, unless asked. Read when the first logger is made.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "error");
    System.setProperty("org.slf4j.simpleLogger.log.dev.stillhouse", "warn");
    System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
    System.setProperty("org.slf4j.simpleLogger.showShortLogName", "true");
    System.exit(run(verbose, args));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Runs a command; returns its exit code. */
  static int run(boolean verbose, String... args) {
    CommandLine line =
        new CommandLine(new Stillhouse())
            .setOut(writer(System.out))
            .setErr(writer(System.err))
            .setColorScheme(colours(Terminal.colouredOut()));
    ColorScheme errors = colours(Terminal.colouredErrors());
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          if (verbose) {
            error.printStackTrace();
          }
          command.getErr().println(errors.errorText(told(error)));
          return error instanceof UsageException ? WRONG_USE : WRONG;
        });
    line.setParameterExceptionHandler(
        (error, arguments) -> {
          CommandLine command = error.getCommandLine();
          PrintWriter err = command.getErr();
          err.println(errors.errorText("stillhouse: " + error.getMessage()));
          UnmatchedArgumentException.printSuggestions(error, err);
          String name = command.getCommandSpec().qualifiedName();
          if (command.getParent() == null) {
            command.usage(err, colours(Terminal.colouredErrors()));
          }
          err.printf("See '%s --help'.%n", name);
          return WRONG_USE;
        });
    line.setExecutionStrategy(
        parsed -> {
          Words.check(parsed);
          return new CommandLine.RunLast().execute(parsed);
        });
    return line.execute(args);
  }

  private static ColorScheme colours(boolean coloured) {
    return CommandLine.Help.defaultColorScheme(coloured ? Ansi.ON : Ansi.OFF);
  }

  private static String told(Throwable error) {
    if (error instanceof UsageException || error instanceof DataException) {
      return "stillhouse: " + error.getMessage();
    }
    if (error instanceof IOException) {
      return "stillhouse: " + error.getClass().getSimpleName() + ": " + error.getMessage();
    }
    return "stillhouse: this is a bug: "
        + Throwables.getRootCause(error)
        + "; run again with --verbose and report what it prints";
  }
}

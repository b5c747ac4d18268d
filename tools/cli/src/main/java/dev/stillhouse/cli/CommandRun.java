package dev.stillhouse.cli;

import com.google.common.base.Throwables;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.cli.output.ErrorText;
import dev.stillhouse.cli.output.Printable;
import dev.stillhouse.cli.output.Streams;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses and runs one command line, and reports errors to people and to programs. */
final class CommandRun {
  static final int WRONG = 1;
  static final int WRONG_USE = 2;

  private final CommandLine line;
  private final boolean verbose;
  private final boolean json;
  private final ColorScheme errors = colours(Terminal.colouredErrors());

  CommandRun(CommandLine commands, Streams streams, List<String> arguments) {
    this.verbose = arguments.contains("--verbose");
    this.json = arguments.contains("--json");
    this.line =
        commands
            .setOut(streams.outWriter())
            .setErr(streams.errWriter())
            .setColorScheme(colours(Terminal.colouredOut()));
    HelpText.wrap(line, Terminal.helpColumns());
    line.setExecutionExceptionHandler((error, command, parsed) -> failed(error));
    line.setParameterExceptionHandler((error, given) -> misused(error));
    line.setExecutionStrategy(
        parsed -> {
          Words.check(parsed);
          return new CommandLine.RunLast().execute(parsed);
        });
  }

  /** Runs a command line; returns the exit code. */
  int execute(String[] arguments) {
    try {
      checkNames(arguments);
      return line.execute(arguments);
    } catch (ParameterException e) {
      return misused(e);
    } catch (Throwable e) { // An Error: out of memory, a library that does not load.
      return failed(e);
    }
  }

  /** Refuses an unknown command even if --help follows, which would hide it. */
  private void checkNames(String[] arguments) {
    CommandLine command = line;
    for (String argument : arguments) {
      if (argument.startsWith("-") || command.getSubcommands().isEmpty()) {
        return;
      }
      CommandLine named = command.getSubcommands().get(argument);
      if (named == null) {
        throw new UnmatchedArgumentException(command, Arrays.asList(argument));
      }
      command = named;
    }
  }

  private int failed(Throwable error) {
    if (verbose) {
      System.err.print(Throwables.getStackTraceAsString(error));
    }
    // The first that is one of ours decides: data may hold what would be a wrong use in a word.
    boolean usage =
        Throwables.getCausalChain(error).stream()
            .filter(cause -> cause instanceof UsageException || cause instanceof DataException)
            .findFirst()
            .filter(UsageException.class::isInstance)
            .isPresent();
    return tell(ErrorText.of(error), usage ? WRONG_USE : WRONG);
  }

  private int misused(ParameterException error) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    int code = tell(String.valueOf(error.getMessage()), WRONG_USE);
    UnmatchedArgumentException.printSuggestions(error, err);
    if (command.getParent() == null) {
      command.usage(err, errors);
    }
    err.printf("See '%s --help'.%n", command.getCommandSpec().qualifiedName());
    return code;
  }

  /**
   * Reports an error; returns the exit code. A program gets an object where it would have got the
   * result.
   */
  private int tell(String message, int code) {
    line.getErr().println(errors.errorText("stillhouse: " + Printable.text(message)));
    if (json) {
      System.out.println(Json.line(Map.of("error", Map.of("message", message, "exitCode", code))));
    }
    return code;
  }

  private static ColorScheme colours(boolean coloured) {
    return CommandLine.Help.defaultColorScheme(coloured ? Ansi.ON : Ansi.OFF);
  }
}

package dev.stillhouse.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Refuses words of a command line that no command could mean, before it runs. */
final class Words {
  private Words() {}

  /**
   * Refuses values that are empty, and those that begin with a {@code ~} that no shell expanded.
   */
  static void check(ParseResult parsed) {
    for (ArgSpec argument : parsed.matchedArgs()) {
      for (String value : argument.originalStringValues()) {
        check(parsed, name(argument), value);
      }
    }
    if (parsed.hasSubcommand()) {
      check(parsed.subcommand());
    }
  }

  private static void check(ParseResult parsed, String name, String value) {
    if (value.isEmpty()) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          name
              + " '': its value is empty; leave it out, or give one (a variable that is not set?)");
    }
    // As in onnx:~/model.onnx or fra=~/copy, which shells leave as they are.
    if (value.matches("(.*[:=,])?~(/.*)?")) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          String.format(
              "%s '%s': no shell has expanded this ~, and it would be a folder's name; write"
                  + " $HOME (or ./~ for a folder of that name)",
              name, value));
    }
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}

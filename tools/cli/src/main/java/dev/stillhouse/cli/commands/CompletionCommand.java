package dev.stillhouse.cli.commands;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}: prints the script that completes commands and options in bash and zsh. */
@Command(
    name = "completion",
    description = "Prints a script that completes commands in bash and zsh.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(stillhouse completion)",
      "  stillhouse completion > ~/.local/share/bash-completion/completions/stillhouse"
    })
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    System.out.println(script());
    return 0;
  }

  /**
   * Returns the script, with the shell's completion of file names. Picocli's own forbids it for
   * arguments without known words, and most arguments here are names of files and datasets.
   */
  private String script() {
    String script = AutoComplete.bash("stillhouse", spec.root().commandLine());
    return script.replaceAll("(?m)^.*compopt \\+o default$\n?", "");
  }
}

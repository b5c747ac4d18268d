package dev.stillhouse.tools.commands;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}: the script that completes commands and options in bash and zsh. */
@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in bash and zsh.",
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
    System.out.println(AutoComplete.bash("stillhouse", spec.root().commandLine()));
    return 0;
  }
}

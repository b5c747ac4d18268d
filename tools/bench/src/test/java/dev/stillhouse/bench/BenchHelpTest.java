package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.cli.BenchStandIn;
import dev.stillhouse.cli.Command;
import dev.stillhouse.cli.HelpTest;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Help texts of the benchmarks, and that the command line finds them. */
class BenchHelpTest {
  @Test
  void theStandInKnowsTheBenchmarks() {
    CommandLine bench = new CommandLine(new BenchCommand());
    assertEquals(BenchStandIn.NAMES, bench.getSubcommands().keySet().stream().toList());
  }

  @Test
  void helpIsWholeAndWrapped() {
    HelpTest.assertWholeSentences(Command.run("bench", "--help").succeeds());
    HelpTest.assertWrapped("bench layouts");
    HelpTest.assertOneTextEach(new CommandLine(new BenchCommand()));
    HelpTest.assertGrouped("bench", new CommandLine(new BenchCommand()));
  }

  @Test
  void anUnknownBenchmarkIsUnknownWithHelpToo() {
    Command.run("bench", "layout", "--help").fails(2, "'layout'", "layouts");
    Command.run("bench", "layouts", "--help").succeeds();
  }

  @Test
  void aHostileNameSteersNoTerminal() {
    Command.run("bench", "layouts", "none\u001b]0;owned\u0007").fails(1, "\\u001b");
  }
}

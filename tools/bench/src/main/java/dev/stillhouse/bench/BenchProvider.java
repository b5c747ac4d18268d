package dev.stillhouse.bench;

import dev.stillhouse.cli.CommandProvider;

/** Gives {@code bench} to the command line. */
public final class BenchProvider implements CommandProvider {
  @Override
  public Object command() {
    return new BenchCommand();
  }
}

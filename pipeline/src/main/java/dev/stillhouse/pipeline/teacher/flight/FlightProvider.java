package dev.stillhouse.pipeline.teacher.flight;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.storage.DataException;
import java.util.Optional;

/**
 * Opens {@code --teacher flight:HOST:PORT[;HOST:PORT...][,dense=TYPE][,context=C][,stride=S]...}.
 */
public final class FlightProvider implements TeacherProvider {
  @Override
  public String name() {
    return "flight";
  }

  /** Leaves out where the servers are and how they are reached. */
  @Override
  public String label(String argument) {
    return FlightArgument.parse(argument).label();
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    FlightArgument asked = FlightArgument.parse(argument);
    Servers servers = Servers.open(asked);
    try {
      ServerInfo info = servers.info();
      Integer most = info.context().orElse(null);
      if (most != null && asked.context() != null && asked.context() > most) {
        throw DataException.of(
            "%s: its model takes %d tokens; need context <= %d", servers, most, most);
      }
      Windows windows =
          Windows.of(
              name(), asked.context() == null ? most : asked.context(), asked.stride(), false);
      return asked.dense() == null
          ? new FlightReduced(servers, windows)
          : new FlightDense(servers, windows, asked.dense());
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }
}

package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacherContract;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PythonReducedContractTest extends ReducedTeacherContract {
  private static PythonTeacher server;

  @BeforeAll
  static void start() throws IOException {
    server = PythonTeacher.hashModel();
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected ReducedTeacher open() {
    return (ReducedTeacher)
        new FlightProvider().open(server.name.substring("flight:".length()), Optional.empty());
  }

  @Override
  protected TokenBatch batch() {
    return HashTexts.sample();
  }
}

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
class FlightReducedContractTest extends ReducedTeacherContract {
  private static FakeServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new FakeServer();
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected ReducedTeacher open() {
    return (ReducedTeacher) new FlightProvider().open(server.name(), Optional.empty());
  }

  @Override
  protected TokenBatch batch() {
    return HashTexts.sample();
  }
}

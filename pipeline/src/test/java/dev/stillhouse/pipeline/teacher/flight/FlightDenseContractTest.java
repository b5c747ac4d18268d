package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.TeacherContract;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlightDenseContractTest extends TeacherContract {
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
  protected DenseTeacher open() {
    return (DenseTeacher) new FlightProvider().open(server.name() + ",dense=own", Optional.empty());
  }

  @Override
  protected TokenBatch batch() {
    return HashTexts.sample();
  }
}

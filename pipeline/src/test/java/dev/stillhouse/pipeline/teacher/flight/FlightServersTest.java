package dev.stillhouse.pipeline.teacher.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.flight.CallStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several servers share the work; what one that goes had is given to others, and nothing is lost.
 */
@Timeout(120)
class FlightServersTest {
  private static final StatisticSpec SPEC = StatisticSpec.parse("top-k:5");
  private static final Selection SELECTION = Selection.topK(HashModel.V, 5);
  private static final TokenBatch BATCH = HashTexts.sample();
  private static final StatisticsBatch RIGHT =
      new StatisticsAssembler(new HashModel(), SPEC, HashModel.V).read(BATCH);

  private static Teacher open(String servers) {
    return new FlightProvider().open(servers, Optional.empty());
  }

  private static void read(Teacher teacher) {
    FlightStatisticsTest.near(SPEC, RIGHT, ((ReducedTeacher) teacher).read(BATCH, SELECTION));
  }

  @Test
  void callsAtOnceGoToServersThatAreFree() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    FakeServer.Behaviour wait =
        (call, answer) -> {
          both.countDown();
          both.await(); // Until the other server has one, too.
          answer.sendAll();
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (FakeServer one = new FakeServer();
        FakeServer two = new FakeServer();
        Teacher teacher = open(one.name() + ";" + two.name())) {
      one.behaviour = wait;
      two.behaviour = wait;
      List<Future<?>> asked = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        asked.add(threads.submit(() -> read(teacher)));
      }
      for (Future<?> each : asked) {
        each.get();
      }
      assertEquals(List.of(1, 1), List.of(one.calls.get(), two.calls.get()));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theCallOfAServerThatGoesIsGivenToAnother() throws IOException {
    try (FakeServer one = new FakeServer();
        FakeServer two = new FakeServer();
        Teacher teacher = open(one.name() + ";" + two.name() + ",wait=0")) {
      one.behaviour =
          (call, answer) -> {
            answer.send(0, 20);
            answer.writer.error(CallStatus.UNAVAILABLE.toRuntimeException());
          };
      read(teacher);
      read(teacher);
      assertTrue(one.calls.get() >= 1 && two.calls.get() >= 2);
    }
  }

  @Test
  void wholeRowsThatCameAreNotGivenTwice() throws IOException {
    try (FakeServer one = new FakeServer();
        FakeServer two = new FakeServer();
        Teacher teacher = open(one.name() + ";" + two.name() + ",dense=own,wait=0")) {
      one.behaviour =
          (call, answer) -> {
            answer.send(0, 20);
            answer.writer.error(CallStatus.UNAVAILABLE.toRuntimeException());
          };
      var told = new StatisticsAssembler((DenseTeacher) teacher, SPEC, HashModel.V).read(BATCH);
      FlightStatisticsTest.near(SPEC, RIGHT, told);
    }
  }

  @Test
  void aServerThatStartsAgainIsFoundAgain() throws Exception {
    FakeServer first = new FakeServer();
    AtomicReference<FakeServer> second = new AtomicReference<>();
    try (Teacher teacher = open(first.name())) {
      read(teacher);
      int port = first.port();
      first.close();
      Thread starter = new Thread(() -> second.set(again(port)));
      starter.start();
      read(teacher);
      starter.join();
    } finally {
      FakeServer server = second.get();
      if (server != null) {
        server.close();
      }
    }
  }

  private static FakeServer again(int port) {
    try {
      Thread.sleep(500);
      return new FakeServer(port);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void allAwayForTooLongIsAnErrorThatNamesThem() throws IOException {
    FakeServer one = new FakeServer();
    FakeServer two = new FakeServer();
    try (Teacher teacher = open(one.name() + ";" + two.name() + ",wait=1")) {
      one.close();
      two.close();
      DataException e = assertThrows(DataException.class, () -> read(teacher));
      String told = e.toString();
      assertTrue(told.contains(one.name()) && told.contains(two.name()), told);
      assertTrue(
          told.contains("sequences 70 to 71") && told.contains("run the same command again"), told);
    }
    DataException e = assertThrows(DataException.class, () -> open(one.name() + ",wait=0"));
    assertTrue(e.toString().contains("no teacher answers, for 0 s: " + one.name()), e.toString());
  }

  @Test
  void aServerOfAnotherModelIsRefused() throws IOException {
    try (FakeServer one = new FakeServer();
        FakeServer two = new FakeServer()) {
      two.hello.put("fingerprint", "another");
      DataException e =
          assertThrows(DataException.class, () -> open(one.name() + ";" + two.name()).close());
      assertTrue(e.toString().contains("another teacher"), e.toString());
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (FakeServer server = new FakeServer();
        Teacher teacher = open(server.name())) {
      server.behaviour =
          (call, answer) -> {
            asked.countDown();
            never.await();
          };
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread reader =
          new Thread(
              () ->
                  thrown.set(
                      assertThrows(
                          DataException.class,
                          () -> ((ReducedTeacher) teacher).read(BATCH, SELECTION))));
      reader.start();
      asked.await();
      reader.interrupt();
      reader.join();
      assertTrue(
          String.valueOf(thrown.get()).contains("interrupted"), String.valueOf(thrown.get()));
      never.countDown();
    }
  }

  @Test
  void aPythonProcessThatIsKilledGivesItsWorkToAnother() throws IOException {
    PythonTeacher one = PythonTeacher.hashModel();
    try (PythonTeacher two = PythonTeacher.hashModel();
        Teacher teacher = open(names(one, two) + ",wait=0")) {
      read(teacher);
      one.kill();
      for (int i = 0; i < 4; i++) {
        read(teacher);
      }
    }
  }

  private static String names(PythonTeacher one, PythonTeacher two) {
    return one.name.substring("flight:".length()) + ";" + two.name.substring("flight:".length());
  }
}

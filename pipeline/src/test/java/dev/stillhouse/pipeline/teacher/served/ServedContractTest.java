package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacherContract;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract over both kinds of servers and all forms of their answers. */
class ServedContractTest {
  private abstract static class Served extends ReducedTeacherContract {
    private FakeServer server;

    abstract FakeServer.Kind kind();

    abstract String argument(String url);

    @BeforeEach
    void start() throws IOException {
      server = new FakeServer(kind(), 0);
    }

    @AfterEach
    void stop() {
      server.close();
    }

    @Override
    protected ReducedTeacher open() {
      String argument = argument(server.url());
      int colon = argument.indexOf(':');
      return (ReducedTeacher)
          Teachers.named(argument.substring(0, colon))
              .open(argument.substring(colon + 1), Optional.empty());
    }

    @Override
    protected TokenBatch batch() {
      int[] tokens = new int[80];
      int[] segments = new int[80];
      for (int i = 0; i < 80; i++) {
        tokens[i] = (i * i + i / 3) % FakeModel.V;
        segments[i] = i >= 77 ? TokenBatch.PADDING : i % 40 < 15 ? 0 : 1;
      }
      return new TokenBatch(6, 40, tokens, segments);
    }

    @Override
    protected List<String> statistics() {
      List<String> all = new ArrayList<>();
      all.add("top-k:5");
      all.add("top-k:5+target");
      all.add("top-p:0.8,max=12");
      all.add("top-k:2+top-p:0.5,max=20+target");
      return all;
    }

    /** The k best of the whole distribution, bit by bit, however they came. */
    @Test
    void entriesAreTheModelsBest() {
      try (ReducedTeacher teacher = open()) {
        StatisticsBatch answer = teacher.read(batch(), Selection.topK(FakeModel.V, 7));
        for (int slot = 0; slot < batch().slots(); slot++) {
          if (batch().padding(slot)) {
            continue;
          }
          int start = slot;
          while (start % 40 != 0 && batch().segments()[start - 1] == batch().segments()[slot]) {
            start--;
          }
          int[] past = Arrays.copyOfRange(batch().tokens(), start, slot + 1);
          float[] logProbs = FakeModel.logProbs(past, past.length);
          int from = answer.offsets()[slot];
          int[] ids = Arrays.copyOfRange(answer.ids(), from, answer.offsets()[slot + 1]);
          assertArrayEquals(Arrays.copyOf(FakeModel.order(logProbs), 7), ids, "slot " + slot);
          double kept = 0;
          for (int e = 0; e < 7; e++) {
            assertEquals(logProbs[ids[e]], answer.logProbs()[from + e]);
            kept += Math.exp(logProbs[ids[e]]);
          }
          assertEquals(Math.log1p(-kept), answer.logTail()[slot], 1e-4);
          int target = batch().target(slot);
          if (target >= 0) {
            assertEquals(logProbs[target], answer.targetLogProb()[slot]);
          }
        }
      }
    }
  }

  @Nested
  class Completions extends Served {
    @Override
    FakeServer.Kind kind() {
      return new FakeVllm();
    }

    @Override
    String argument(String url) {
      return "vllm:" + url;
    }
  }

  @Nested
  class Generate extends Served {
    @Override
    FakeServer.Kind kind() {
      FakeVllm kind = new FakeVllm();
      kind.scaleOut = true;
      kind.forced = true;
      return kind;
    }

    @Override
    String argument(String url) {
      return "vllm:" + url + ",model=fake,tokens=64";
    }

    @Override
    protected List<String> statistics() {
      List<String> all = super.statistics();
      all.add("top-k:5+forced:x+target");
      return all;
    }
  }

  /** An older server, which takes one list of forced ids for all rows. */
  @Nested
  class ForcedList extends Generate {
    @Override
    FakeServer.Kind kind() {
      FakeVllm kind = (FakeVllm) super.kind();
      kind.forcedList = true;
      return kind;
    }
  }

  @Nested
  class Base64 extends Served {
    @Override
    FakeServer.Kind kind() {
      return new FakeSglang();
    }

    @Override
    String argument(String url) {
      return "sglang:" + url;
    }

    @Test
    void aServerThatSaysItIsBatchInvariantIsReproducible() {
      try (ReducedTeacher teacher = open()) {
        assertTrue(teacher.reproducible());
      }
    }

    @Override
    protected List<String> statistics() {
      List<String> all = super.statistics();
      all.add("top-k:5+forced:x");
      return all;
    }
  }

  @Nested
  class NestedLists extends Served {
    @Override
    FakeServer.Kind kind() {
      FakeSglang kind = new FakeSglang();
      kind.router = FakeSglang.Router.DROPS_BASE64;
      kind.infoPath = "/server_info";
      return kind;
    }

    @Override
    String argument(String url) {
      return "sglang:" + url;
    }
  }
}

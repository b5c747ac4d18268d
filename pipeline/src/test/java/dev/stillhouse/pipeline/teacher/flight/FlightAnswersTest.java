package dev.stillhouse.pipeline.teacher.flight;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.io.IOException;
import java.util.Optional;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each answer that is none of a distribution is refused, with its place. */
@Timeout(120)
class FlightAnswersTest {
  private static final StatisticSpec SPEC =
      StatisticSpec.parse("top-k:4+sample:6,temperature=2.0+target+normaliser-at:3.0");

  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void entries() {
    refused("keeps id 997; the vocabulary has 997", root -> id(root, 2, HashModel.V));
    refused("keeps id -1; ", root -> id(root, 0, -1));
    refused("twice", root -> id(root, 1, ids(root).get(0)));
    refused("log-prob of id", root -> logProbs(root).set(0, Float.NaN));
    refused("need at most 0, best first", root -> logProbs(root).set(0, 0.5f));
    refused("need at most 0, best first", root -> logProbs(root).set(1, 0f));
    refused("add up to", root -> logProbs(root).set(0, logProbs(root).get(0) + 0.01f));
    refused("and has none", root -> logProbs(root).set(3, Float.NEGATIVE_INFINITY), "top-k:4");
    refused("reasons", root -> ((TinyIntVector) child(root, "reasons")).set(0, 0));
    refused("reasons 4", root -> ((TinyIntVector) child(root, "reasons")).set(0, 4));
    refused("drawn", root -> ((IntVector) child(root, "count")).set(0, 7));
    refused("log_proposal", root -> ((Float4Vector) child(root, "log_proposal")).set(0, Float.NaN));
    refused("has nulls", root -> ids(root).setNull(3));
    refused("an entry is null", root -> entry(root).setNull(3));
  }

  @Test
  void scalars() {
    refused("log_tail is NaN", root -> scalar(root, "log_tail").set(0, Float.NaN));
    refused("log_tail", root -> scalar(root, "log_tail").set(0, 1));
    refused("entropy is -1", root -> scalar(root, "entropy").set(0, -1));
    refused("entropy is 8", root -> scalar(root, "entropy").set(0, 8));
    refused(
        "log_normaliser is Inf",
        root -> scalar(root, "log_normaliser").set(0, Float.POSITIVE_INFINITY));
    refused("target_log_prob is NaN", root -> scalar(root, "target_log_prob").set(0, Float.NaN));
    refused("target_log_prob is -0.5", root -> scalar(root, "target_log_prob").set(0, -0.5f));
    refused("another temperature is NaN", root -> scalar(root, "further_0").set(0, Float.NaN));
    refused("has nulls", root -> scalar(root, "entropy").setNull(0));
  }

  @Test
  void rows() {
    refused("about row 1", root -> ((IntVector) root.getVector("row")).set(0, 1));
    refused("about row 0 and token 3", root -> ((IntVector) root.getVector("token")).set(0, 3));
    refused(
        "its entries end at",
        root -> ((ListVector) root.getVector("entries")).getOffsetBuffer().setInt(4, 1 << 20));
    refused(
        "its entries end at",
        root -> ((ListVector) root.getVector("entries")).getOffsetBuffer().setInt(4, -5));
    server.behaviour =
        (call, answer) -> {
          answer.send(0, 10);
          answer.writer.completed();
        };
    refused("the answer ends before it: 10 of 75 rows came");
    server.behaviour =
        (call, answer) -> {
          answer.send(0, 75);
          answer.send(0, 1);
          answer.writer.completed();
        };
    refused("rows behind this, the last");
    server.behaviour = (call, answer) -> answer.writer.completed();
    refused("the answer ends before it: 0 of 75 rows came");
  }

  @Test
  void errorsOfAServerNameSequenceAndPosition() {
    error(CallStatus.INTERNAL, "row 3: the logit of id 5 is nan. Detail: Python exception: Trace");
    DataException e = refused("sequence 70, position 3: the logit of id 5 is nan (teacher at 127.");
    assertTrue(!e.toString().contains("Trace"), e.toString());
    error(CallStatus.UNKNOWN, "the model failed: OutOfMemoryError");
    refused("the teacher failed at sequences 70 to 71: the model failed: OutOfMemoryError");
    error(CallStatus.UNIMPLEMENTED, "");
    refused("the teacher failed at sequences 70 to 71: ");
  }

  private void error(CallStatus status, String message) {
    server.behaviour =
        (call, answer) -> answer.writer.error(status.withDescription(message).toRuntimeException());
  }

  @Test
  void anAnswerOfAnotherModel() {
    try (Teacher teacher = open("")) {
      server.hello.put("fingerprint", "another");
      DataException e =
          assertThrows(
              DataException.class,
              () -> ((ReducedTeacher) teacher).read(HashTexts.sample(), selection(SPEC)));
      assertTrue(e.toString().contains("fingerprint is 'another'"), e.toString());
    }
  }

  @Test
  void whatItSaysOfItself() {
    for (Object[] wrong :
        new Object[][] {
          {"v", 2, "version 2"},
          {"vocabulary", 0, "vocabulary=0"},
          {"vocabulary", 1 << 30, "need 1 to"},
          {"fingerprint", "", "fingerprint"},
          {"fingerprint", "a\nb", "fingerprint"},
          {"dense", "int4", "float32 or bfloat16"},
          {"context", 0, "context"}
        }) {
      Object right = server.hello.put((String) wrong[0], wrong[1]);
      DataException e = assertThrows(DataException.class, () -> open("").close());
      assertTrue(e.toString().contains((String) wrong[2]), e.toString());
      server.hello.put((String) wrong[0], right == null ? 64 : right);
    }
  }

  @Test
  void denseRows() {
    dense("row 75 of 75", (call, answer) -> spoiledRow(answer, 75));
    dense("row -1 of 75", (call, answer) -> spoiledRow(answer, -1));
    dense("about token", (call, answer) -> spoiledRow(answer, 1));
    dense(
        "the answer ends without its row",
        (call, answer) -> {
          answer.send(0, 3);
          answer.writer.completed();
        });
  }

  private static void spoiledRow(FakeAnswer answer, int row) {
    answer.spoil(root -> ((IntVector) root.getVector("row")).set(0, row)).sendAll();
  }

  private void dense(String why, FakeServer.Behaviour behaviour) {
    server.behaviour = behaviour;
    try (Teacher teacher = open(",dense=own");
        LogitsCursor cursor = ((DenseTeacher) teacher).read(HashTexts.sample())) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> {
                for (var block = cursor.next(); block != null; block = cursor.next()) {
                  block.close();
                }
              });
      assertTrue(e.toString().contains(why), e.toString());
    }
  }

  private Teacher open(String more) {
    return new FlightProvider().open(server.name() + ",wait=0" + more, Optional.empty());
  }

  private void refused(String why, FakeAnswer.Spoiled change) {
    refused(why, change, SPEC.toString());
  }

  private void refused(String why, FakeAnswer.Spoiled change, String spec) {
    server.behaviour = (call, answer) -> answer.spoil(change).sendAll();
    refused(why, StatisticSpec.parse(spec));
  }

  private DataException refused(String why) {
    return refused(why, SPEC);
  }

  private DataException refused(String why, StatisticSpec spec) {
    try (Teacher teacher = open("")) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> ((ReducedTeacher) teacher).read(HashTexts.sample(), selection(spec)));
      assertTrue(e.toString().contains(why), e.toString());
      assertTrue(e.toString().contains(server.name()), e.toString());
      assertTrue(e.toString().contains("sequence"), e.toString());
      return e;
    }
  }

  private static Selection selection(StatisticSpec spec) {
    return new Selection(HashModel.V, spec, ImmutableIntArray.of());
  }

  private static StructVector entry(VectorSchemaRoot root) {
    return (StructVector) ((ListVector) root.getVector(Columns.ENTRIES)).getDataVector();
  }

  private static FieldVector child(VectorSchemaRoot root, String name) {
    return entry(root).getChild(name);
  }

  private static IntVector ids(VectorSchemaRoot root) {
    return (IntVector) child(root, "id");
  }

  private static void id(VectorSchemaRoot root, int entry, int id) {
    ids(root).set(entry, id);
  }

  private static Float4Vector logProbs(VectorSchemaRoot root) {
    return (Float4Vector) child(root, "log_prob");
  }

  private static Float4Vector scalar(VectorSchemaRoot root, String name) {
    return (Float4Vector) root.getVector(name);
  }
}

package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.storage.DataException;
import java.util.Map;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** One call: prompts out, and record batches of rows in. For one thread. */
final class Exchange implements AutoCloseable {
  private final String server;
  private final Prompts prompts;
  private final FlightClient.ExchangeReaderWriter call;
  private final FlightStream stream;
  private boolean ended;

  Exchange(
      FlightClient client,
      BufferAllocator allocator,
      String server,
      byte[] command,
      Prompts prompts,
      CallOption... options) {
    this.server = server;
    this.prompts = prompts;
    this.call = client.doExchange(FlightDescriptor.command(command), options);
    this.stream = call.getReader();
    try (VectorSchemaRoot root = prompts.columns(allocator)) {
      call.getWriter().start(root);
      call.getWriter().putNext();
      call.getWriter().completed();
    } catch (RuntimeException e) {
      close();
      throw Failures.of(server, prompts, e);
    }
  }

  /**
   * Returns the next rows, or null behind the last. They are overwritten by the next call.
   *
   * @param expected columns
   * @param metadata that the answer must have: it is of the model that was asked for
   */
  @Nullable VectorSchemaRoot next(Schema expected, Map<String, String> metadata) {
    try {
      if (!stream.next()) {
        ended = true;
        return null;
      }
      VectorSchemaRoot root = stream.getRoot();
      check(root.getSchema(), expected, metadata);
      return root;
    } catch (RuntimeException e) {
      throw Failures.of(server, prompts, e);
    }
  }

  private void check(Schema schema, Schema expected, Map<String, String> metadata) {
    metadata.forEach(
        (name, value) -> {
          String told = schema.getCustomMetadata().get(name);
          if (!value.equals(told)) {
            throw DataException.of(
                "%s: its answer is of another teacher: %s is '%s', and the job was begun with '%s'; run"
                    + " the same model with the same releases on every server",
                server, name, told, value);
          }
        });
    if (!same(schema.getFields(), expected.getFields())) {
      throw DataException.of(
          "%s: the answer has the columns %s, need %s", server, schema, expected);
    }
  }

  private static boolean same(Iterable<Field> told, Iterable<Field> expected) {
    var own = expected.iterator();
    for (Field field : told) {
      if (!own.hasNext()) {
        return false;
      }
      Field right = own.next();
      boolean list = right.getName().equals(Columns.ITEM); // Writers name it in their own ways.
      if (!(list || field.getName().equals(right.getName()))
          || !field.getType().equals(right.getType())
          || field.getDictionary() != null
          || !same(field.getChildren(), right.getChildren())) {
        return false;
      }
    }
    return !own.hasNext();
  }

  /** Returns the error of a wrong row. */
  DataException wrong(int row, String what) {
    return DataException.of("%s: the teacher at %s: %s", prompts.where(row), server, what);
  }

  /** Ends the call, at its end or before it. */
  @Override
  public void close() {
    if (!ended) {
      stream.cancel("no more is needed", null);
    }
    try {
      call.close();
    } catch (Exception e) {
      if (Failures.interrupted(e)) {
        Thread.currentThread().interrupt();
      }
      // The answer was taken, or has failed with an error of its own.
    }
  }
}

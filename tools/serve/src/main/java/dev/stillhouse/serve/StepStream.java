package dev.stillhouse.serve;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.dense.DenseArrow;
import dev.stillhouse.storage.loader.dense.DenseForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Sends the steps of one rank, a record batch each. The metadata of a batch is JSON: {@code step},
 * counted from 0 in this stream, {@code samples}, which the rank has of it, and the {@code cursor}
 * behind it.
 *
 * <p>Memory: what the loader reads ahead, the step that is sent, and what the transport buffers for
 * a client that is slow.
 */
final class StepStream {
  private static final long WAIT_MILLIS = 1_000;

  private final LoadPlan plan;
  private final StudentLoader loader;
  private final ServerStreamListener client;
  private final BufferAllocator allocator;
  private final BooleanSupplier stopping;
  private final CallbackBackpressureStrategy pressure = new CallbackBackpressureStrategy();

  /**
   * Streams one load.
   *
   * @param stopping says whether the server wants streams to end
   */
  StepStream(
      LoadPlan plan,
      StudentLoader loader,
      ServerStreamListener client,
      BufferAllocator allocator,
      BooleanSupplier stopping) {
    this.plan = plan;
    this.loader = loader;
    this.client = client;
    this.allocator = allocator;
    this.stopping = stopping;
  }

  /** Sends all steps, or those up to an error, a client that went, or the server's end. */
  void run() {
    pressure.register(client);
    client.setUseZeroCopy(true);
    try (VectorSchemaRoot root = VectorSchemaRoot.create(plan.schema(), allocator)) {
      client.start(root);
      for (long step = 0; loader.hasNext(); step++) {
        LoadedBatch batch;
        try {
          batch = loader.next();
        } catch (RuntimeException | Error e) {
          fail(e);
          return;
        }
        fill(root, batch); // While the client takes the step before.
        if (!ready()) {
          return;
        }
        client.putNext(
            json(
                ImmutableMap.of(
                    "step", step, "samples", batch.sequences().length, "cursor", loader.cursor())));
      }
      client.completed();
    }
  }

  /** Waits until the client takes more; false where the stream has ended instead. */
  private boolean ready() {
    while (true) {
      if (stopping.getAsBoolean()) {
        client.error(
            CallStatus.UNAVAILABLE
                .withDescription(
                    "the server is shutting down: go on from the last cursor elsewhere")
                .toRuntimeException());
        return false;
      }
      WaitResult result = pressure.waitForListener(WAIT_MILLIS);
      if (result == WaitResult.READY) {
        return true;
      }
      if (result == WaitResult.CANCELLED) {
        return false;
      }
    }
  }

  private void fill(VectorSchemaRoot root, LoadedBatch batch) {
    List<FieldVector> vectors = root.getFieldVectors();
    int columns = plan.form().fields().size();
    DenseArrow.load(vectors.subList(0, columns), batch, 0, plan.form(), allocator);
    if (plan.joined().isPresent()) {
      DenseForm own = plan.joined().get();
      for (int teacher = 1; teacher < batch.teachers(); teacher++) {
        int to = columns + own.fields().size();
        DenseArrow.load(vectors.subList(columns, to), batch, teacher, own, allocator);
        columns = to;
      }
    }
    root.setRowCount(batch.rows());
  }

  /** Tells the error twice: as metadata, whole, and as the status that any client understands. */
  private void fail(Throwable error) {
    Map<String, String> told =
        ImmutableMap.of("kind", Failures.kind(error), "message", Failures.message(error));
    client.putMetadata(json(ImmutableMap.of("error", told, "cursor", loader.cursor())));
    client.error(Failures.of(error));
  }

  private ArrowBuf json(Object value) {
    byte[] text = Json.line(value).getBytes(StandardCharsets.UTF_8);
    ArrowBuf buffer = allocator.buffer(text.length);
    buffer.writeBytes(text);
    return buffer;
  }
}

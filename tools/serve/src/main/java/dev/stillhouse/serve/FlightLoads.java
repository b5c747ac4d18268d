package dev.stillhouse.serve;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.MixtureSpec;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.dense.DenseArrow;
import dev.stillhouse.storage.loader.dense.DenseForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The calls of Arrow Flight: {@code ListFlights} lists datasets, {@code GetFlightInfo} describes a
 * dataset (a path) or a load (a command that is a {@link LoadRequest}), {@code DoGet} streams the
 * steps of a load, {@code DoAction} does the {@link ServerActions}.
 */
final class FlightLoads extends NoOpFlightProducer {
  private final ServedDatasets served;
  private final ServerLimits limits;
  private final BufferAllocator allocator;
  private final Tickets tickets = new Tickets();
  private final ServerActions actions;
  private final Semaphore streams;

  /**
   * Threads that streams run on: not those of their calls, which gRPC needs to tell that a client
   * takes more, or has gone.
   */
  private final Executor threads =
      Executors.newCachedThreadPool(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("stillhouse-stream-%d").build());

  private volatile boolean stopping;

  FlightLoads(ServedDatasets served, ServerLimits limits, BufferAllocator allocator) {
    this.served = served;
    this.actions = new ServerActions(served);
    this.limits = limits;
    this.allocator = allocator;
    this.streams = new Semaphore(limits.streams());
  }

  /** Ends the streams that are under way, each behind the step that is being sent. */
  void stop() {
    stopping = true;
  }

  /** Returns how many streams are under way. */
  int streamsOpen() {
    return limits.streams() - streams.availablePermits();
  }

  @Override
  public void listFlights(
      CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
    try {
      for (String name : served.names()) {
        listener.onNext(named(name));
      }
      listener.onCompleted();
    } catch (RuntimeException | Error e) {
      listener.onError(Failures.of(e));
    }
  }

  @Override
  public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
    try {
      return descriptor.isCommand()
          ? load(descriptor)
          : named(String.join("/", descriptor.getPath()));
    } catch (RuntimeException | Error e) {
      throw Failures.of(e);
    }
  }

  private FlightInfo named(String name) {
    Dataset dataset = served.newest(name);
    DenseForm form = DenseForm.of(dataset.statistic().maxTop());
    LoadInfo info = LoadInfo.of(ImmutableList.of(name), List.of(dataset), null);
    return info(
        DenseArrow.schema(form, dataset.manifest().sequenceLength()),
        FlightDescriptor.path(name),
        ImmutableList.of(),
        dataset.manifest().sequences(),
        dataset.manifest().bytes(),
        info);
  }

  private FlightInfo load(FlightDescriptor descriptor) {
    LoadPlan plan = LoadPlan.of(LoadRequest.parse("the request", descriptor.getCommand()), served);
    LoadInfo.Load load;
    try (StudentLoader loader = plan.loader(0)) {
      load = LoadInfo.Load.of(plan, loader);
    }
    checkSize(plan, load);
    ImmutableList.Builder<String> names = ImmutableList.builder();
    if (plan.request().mix().isEmpty()) {
      names.add(plan.request().dataset());
    } else {
      names.addAll(MixtureSpec.parse(plan.request().mix()).names());
    }
    names.addAll(plan.request().with());
    Ticket ticket = new Ticket(tickets.sign(plan.request().json()));
    return info(
        plan.schema(),
        descriptor,
        ImmutableList.of(FlightEndpoint.builder(ticket, Location.reuseConnection()).build()),
        -1,
        -1,
        LoadInfo.of(names.build(), plan.datasets(), load));
  }

  private void checkSize(LoadPlan plan, LoadInfo.Load load) {
    long bytes = load.rows() * plan.rowBytes();
    if (bytes > limits.stepBytes()) {
      throw UsageException.of(
          "a step of %d sequences for each of %d ranks takes up to %d bytes, and this server sends at"
              + " most %d: take a smaller batch, or a smaller k",
          load.cursor().batch(), plan.request().worldSize(), bytes, limits.stepBytes());
    }
  }

  private static FlightInfo info(
      Schema schema,
      FlightDescriptor descriptor,
      List<FlightEndpoint> endpoints,
      long records,
      long bytes,
      LoadInfo told) {
    return FlightInfo.builder(schema, descriptor, endpoints)
        .setRecords(records)
        .setBytes(bytes)
        .setOrdered(true)
        .setAppMetadata(Json.line(told).getBytes(StandardCharsets.UTF_8))
        .build();
  }

  @Override
  public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
    if (stopping || !streams.tryAcquire()) {
      listener.error(
          CallStatus.UNAVAILABLE
              .withDescription(
                  stopping
                      ? "the server is shutting down"
                      : "the server has "
                          + limits.streams()
                          + " streams open, which is its limit: end one, or start it with more")
              .toRuntimeException());
      return;
    }
    threads.execute(
        () -> {
          try {
            stream(ticket, listener);
          } finally {
            streams.release();
          }
        });
  }

  private void stream(Ticket ticket, ServerStreamListener listener) {
    try {
      LoadPlan plan =
          LoadPlan.of(LoadRequest.parse("the ticket", tickets.open(ticket.getBytes())), served);
      try (StudentLoader loader = plan.loader(limits.ahead(plan.request().aheadBytes()))) {
        new StepStream(plan, loader, listener, allocator, () -> stopping).run();
      }
    } catch (RuntimeException | Error e) {
      listener.error(Failures.of(e));
    }
  }

  @Override
  public void listActions(CallContext context, StreamListener<ActionType> listener) {
    ServerActions.TYPES.forEach(listener::onNext);
    listener.onCompleted();
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    try {
      String answer = actions.answer(action.getType(), action.getBody());
      listener.onNext(new Result(answer.getBytes(StandardCharsets.UTF_8)));
      listener.onCompleted();
    } catch (RuntimeException | Error e) {
      listener.onError(Failures.of(e));
    }
  }
}

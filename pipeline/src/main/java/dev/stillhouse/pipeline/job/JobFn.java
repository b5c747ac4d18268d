package dev.stillhouse.pipeline.job;

import com.google.common.io.Closer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;

/** Wires an ordinary class into Beam: each element is one task of a job. */
public abstract class JobFn<T> extends DoFn<T, Void> {
  private static final long serialVersionUID = 1;

  private final String job;
  private final String stage;
  private transient Open<T> open;

  /** The state of one instance while it works. */
  private record Open<T>(Closer closer, Meter meter, Consumer<T> work) {}

  @SuppressWarnings("NullAway.Init") // Beam calls setup before the first element.
  public JobFn(String job, String stage) {
    this.job = job;
    this.stage = stage;
  }

  /**
   * Opens what the tasks need.
   *
   * @param closer closes it again, the last first
   * @return does one task
   */
  public abstract Consumer<T> open(JobContext context, Closer closer);

  /** Joins the job and opens what it needs. */
  @Setup
  public void setup() {
    Closer closer = Closer.create();
    JobContext context = JobContext.join(job);
    closer.register(context::leave);
    try {
      open = new Open<>(closer, context.meter(stage), open(context, closer));
    } catch (RuntimeException | Error e) {
      close(closer); // Beam tears down only what was set up.
      throw e;
    }
  }

  /** Does one task. */
  @ProcessElement
  public void process(@Element T element) {
    try (Meter.Work work = open.meter().begin()) {
      open.work().accept(element);
    }
  }

  /** Closes all that it opened, and leaves the job. */
  @Teardown
  public void teardown() {
    close(open.closer());
  }

  private static void close(Closer closer) {
    try {
      closer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

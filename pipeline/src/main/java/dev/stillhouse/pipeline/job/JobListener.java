package dev.stillhouse.pipeline.job;

/** Receives what a job is about to do, so that a person can be shown. */
public interface JobListener {
  /** Ignores everything. */
  JobListener NONE = (stage, unit, total, meter) -> () -> {};

  /**
   * Begins a stage; the result is closed when it ends, well or badly.
   *
   * @param stage what is done, as in "packing"
   * @param unit what is counted, as in "bytes"
   * @param total amount of work
   * @param meter counts it
   */
  Stage start(String stage, String unit, long total, Meter meter);

  /** Reports something worth knowing. */
  default void note(String message) {}

  /** Reports something doubtful. The job goes on. */
  default void warn(String message) {}

  /** A stage in progress. */
  interface Stage extends AutoCloseable {
    @Override
    void close();
  }
}

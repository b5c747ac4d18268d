package dev.stillhouse.pipeline.job;

/** Is told what a job is about to do, so that a person can be shown. */
public interface JobListener {
  /** Tells nobody. */
  JobListener NONE = (stage, unit, total, meter) -> () -> {};

  /**
   * A stage starts; the result is closed when it ends, well or badly.
   *
   * @param stage what is done, as in "packing"
   * @param unit what is counted, as in "bytes"
   * @param total how much there is
   * @param meter counts it
   */
  Stage start(String stage, String unit, long total, Meter meter);

  /** Something is doubtful, and the job goes on. */
  default void warn(String message) {}

  /** A stage that is under way. */
  interface Stage extends AutoCloseable {
    @Override
    void close();
  }
}

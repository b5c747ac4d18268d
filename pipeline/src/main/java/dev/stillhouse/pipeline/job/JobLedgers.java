package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.region.Ledger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one ledger of a job in this JVM, shared by its plan, its DoFns and its commit. A worker of a
 * remote runner books in a ledger of its own, which nobody adds up yet.
 */
final class JobLedgers {
  private static final Map<String, Ledger> LEDGERS = new ConcurrentHashMap<>();

  private JobLedgers() {}

  /** The ledger of a job, by its name; made at first use. */
  static Ledger of(String job) {
    return LEDGERS.computeIfAbsent(job, name -> new Ledger());
  }
}

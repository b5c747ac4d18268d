package dev.stillhouse.pipeline.job;

import java.io.Serializable;

/**
 * What every worker of a replication must know.
 *
 * @param job name of the {@link Meter} and of the ledger
 * @param dataset path or URI
 * @param to path or URI of the new region
 * @param region its name
 */
record ReplicatePlan(String job, String dataset, String to, String region)
    implements Serializable {}

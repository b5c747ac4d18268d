package dev.stillhouse.storage.topology;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * What lies between a reader's region and a store's.
 *
 * @param reader the region that reads
 * @param store the region that is read from
 * @param roundTripSeconds of the network
 * @param firstByteSeconds that the store takes before its first byte, at the median
 * @param bytesPerSecond of one request
 * @param machineBytesPerSecond of all requests of a machine together; infinite where nobody told
 * @param dollarsPerByte that leaves the store's region
 * @param dollarsPerRequest of reading
 */
public record Link(
    String reader,
    String store,
    double roundTripSeconds,
    double firstByteSeconds,
    double bytesPerSecond,
    double machineBytesPerSecond,
    double dollarsPerByte,
    double dollarsPerRequest)
    implements Serializable {
  /** Requests that a reader keeps in flight unless told otherwise. */
  public static final int IN_FLIGHT = 16;

  /**
   * Seconds that a long row of requests takes of which {@code inFlight} are always under way:
   *
   * <pre>
   * max( (requests x (round trip + first byte) + bytes / rate of a request) / in flight,
   *      bytes / rate of the machine )
   * </pre>
   *
   * That of a short row is longer by part of its last request. Nothing is said of waiting for a
   * slow one, nor of retries.
   *
   * @param requests as sent: runs of bytes that touch are one. Whether it pays to read through a
   *     gap between two (below round trip x rate bytes in time, request / byte price in dollars) is
   *     the caller's to decide
   */
  public double seconds(double requests, double bytes, int inFlight) {
    checkArgument(
        requests >= 0 && bytes >= 0 && inFlight >= 1,
        "Link: %s requests of %s bytes, %s in flight",
        requests,
        bytes,
        inFlight);
    double inTurn = requests * (roundTripSeconds + firstByteSeconds) + bytes / bytesPerSecond;
    return Math.max(inTurn / inFlight, bytes / machineBytesPerSecond);
  }

  /** Dollars of these requests. */
  public double dollars(double requests, double bytes) {
    return requests * dollarsPerRequest + bytes * dollarsPerByte;
  }
}

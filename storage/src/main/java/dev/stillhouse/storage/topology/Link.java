package dev.stillhouse.storage.topology;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.PublicApi;
import java.io.Serializable;

/**
 * The network between a reader's region and a store's.
 *
 * @param reader the region that reads
 * @param store the region that is read from
 * @param roundTripSeconds of the network
 * @param firstByteSeconds that the store takes before its first byte, at the median
 * @param bytesPerSecond of one request
 * @param machineBytesPerSecond of all requests of a machine together; infinite if unknown
 * @param dollarsPerByte that leaves the store's region
 * @param dollarsPerRequest of reading
 */
@PublicApi
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
  /** Default number of requests that a reader keeps in flight. */
  public static final int IN_FLIGHT = 16;

  /**
   * Returns the seconds of a long series of requests of which {@code inFlight} are always under
   * way:
   *
   * <pre>
   * max( (requests x (round trip + first byte) + bytes / rate of a request) / in flight,
   *      bytes / rate of the machine )
   * </pre>
   *
   * A short series takes longer by part of its last request. Slow requests and retries are not
   * included.
   *
   * @param requests as sent: ranges that touch are one. The caller decides whether to read through
   *     a gap between two (below round trip x rate bytes for time, request / byte price for
   *     dollars)
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

  /** Returns the dollars of these requests. */
  public double dollars(double requests, double bytes) {
    return requests * dollarsPerRequest + bytes * dollarsPerByte;
  }
}

package dev.stillhouse.storage.topology;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.io.Serializable;
import java.util.Locale;

/**
 * How a reader weighs time against money.
 *
 * @param perSecond weight of a second
 * @param perDollar weight of a dollar
 */
@PublicApi
public record CostPolicy(double perSecond, double perDollar) implements Serializable {
  /** As soon as possible, whatever it costs. */
  public static final CostPolicy TIME = new CostPolicy(1, 0);

  /** As cheap as possible; what costs the same is decided by time. */
  public static final CostPolicy DOLLARS = new CostPolicy(0, 1);

  private static final double SECONDS_PER_HOUR = 3600;

  /** A dollar an hour: a request saved is worth 1.4 ms. */
  private static final CostPolicy FREE = dollarsPerHour(1);

  /**
   * Returns a policy in which an hour of waiting costs this many dollars.
   *
   * @param dollars 0 or more
   */
  public static CostPolicy dollarsPerHour(double dollars) {
    return dollars == 0 ? DOLLARS : new CostPolicy(dollars / SECONDS_PER_HOUR, 1);
  }

  /**
   * Reads {@code time}, {@code dollars}, or the dollars that an hour costs.
   *
   * @throws dev.stillhouse.storage.UsageException if it is none of these
   */
  public static CostPolicy parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "time" -> TIME;
      case "dollars" -> DOLLARS;
      default -> dollarsPerHour(value(text));
    };
  }

  private static double value(String text) {
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && value < Double.POSITIVE_INFINITY) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw unknown(text);
    }
    throw unknown(text);
  }

  private static UsageException unknown(String text) {
    return UsageException.of(
        "policy '%s': need time, dollars, or the dollars that an hour of waiting is worth, as in"
            + " 2.50",
        text);
  }

  /**
   * Returns the policy for a link. Over a link whose bytes are free, time decides too, at {@link
   * #FREE}; otherwise whole blobs would be read to save a request.
   */
  public CostPolicy on(Link link) {
    return perSecond == 0 && link.dollarsPerByte() == 0 ? FREE : this;
  }

  /** Returns the weighted cost of seconds and dollars. */
  public double cost(double seconds, double dollars) {
    return perSecond * seconds + perDollar * dollars;
  }

  /**
   * Returns the size of a gap, in bytes, from which on two requests cost less than one that reads
   * through it, in a long series of requests: round trip x rate if time counts, request / byte
   * price if money does.
   */
  public double breakEven(Link link, int inFlight) {
    CostPolicy here = on(link);
    double request =
        here.cost(
            (link.roundTripSeconds() + link.firstByteSeconds()) / inFlight,
            link.dollarsPerRequest());
    return request / here.cost(1 / (link.bytesPerSecond() * inFlight), link.dollarsPerByte());
  }
}

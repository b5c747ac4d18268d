package dev.stillhouse.storage.topology;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.io.Serializable;
import java.util.Locale;

/**
 * What a reader would rather spend: time or money.
 *
 * @param perSecond what a second weighs
 * @param perDollar what a dollar weighs
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

  /** An hour of waiting is worth so many dollars. */
  public static CostPolicy dollarsPerHour(double dollars) {
    return dollars == 0 ? DOLLARS : new CostPolicy(dollars / SECONDS_PER_HOUR, 1);
  }

  /** Reads {@code time}, {@code dollars}, or the dollars that an hour is worth. */
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
   * The same over a link whose bytes are free: there time decides too, at {@link #FREE}, or whole
   * blobs would be read to save a request.
   */
  public CostPolicy on(Link link) {
    return perSecond == 0 && link.dollarsPerByte() == 0 ? FREE : this;
  }

  /** What seconds and dollars weigh together. */
  public double cost(double seconds, double dollars) {
    return perSecond * seconds + perDollar * dollars;
  }

  /**
   * Bytes of a gap from which on two requests cost less than one that reads through it, in a long
   * row of requests: round trip x rate where time counts, request / byte price where money does.
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

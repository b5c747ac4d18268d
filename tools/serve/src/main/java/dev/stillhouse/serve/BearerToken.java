package dev.stillhouse.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallInfo;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightServerMiddleware;
import org.apache.arrow.flight.RequestContext;
import org.jspecify.annotations.Nullable;

/** Refuses calls without {@code authorization: Bearer TOKEN}; the comparison takes equal time. */
final class BearerToken implements FlightServerMiddleware.Factory<BearerToken.Passed> {
  static final FlightServerMiddleware.Key<Passed> KEY = FlightServerMiddleware.Key.of("token");

  private static final String PREFIX = "Bearer ";

  private final byte[] token;

  BearerToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Passed onCallStarted(CallInfo info, CallHeaders headers, RequestContext context) {
    @Nullable String given = headers.get("authorization");
    if (given == null || !given.startsWith(PREFIX)) {
      throw CallStatus.UNAUTHENTICATED
          .withDescription(
              "this server needs a token: send the header 'authorization: Bearer TOKEN'")
          .toRuntimeException();
    }
    byte[] said = given.substring(PREFIX.length()).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(said, token)) {
      throw CallStatus.UNAUTHENTICATED
          .withDescription("the token is not this server's")
          .toRuntimeException();
    }
    return new Passed();
  }

  /** A call that had the token. */
  static final class Passed implements FlightServerMiddleware {
    @Override
    public void onBeforeSendingHeaders(CallHeaders headers) {}

    @Override
    public void onCallCompleted(CallStatus status) {}

    @Override
    public void onCallErrored(Throwable error) {}
  }
}

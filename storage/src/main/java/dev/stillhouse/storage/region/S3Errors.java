package dev.stillhouse.storage.region;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * What a failure of S3 means. Messages say the status and the server's error code, never the
 * server's own text or the SDK's, and these are not kept as causes: a server may send back what it
 * was sent, a signature or a session's token among it.
 */
final class S3Errors {
  static final int MISSING = 404;
  static final int CONFLICT = 409;
  static final int THERE = 412;
  static final int PAST_THE_END = 416;

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");
  private static final Pattern AWS_REGION = Pattern.compile("[a-z0-9-]{1,32}");

  private S3Errors() {}

  /** HTTP status of a failure; 0 if no answer came. */
  static int status(Throwable error) {
    return error instanceof SdkServiceException e ? e.statusCode() : 0;
  }

  /** Whether the same request may succeed later. */
  static boolean passing(Throwable error) {
    int status = status(error);
    return status == 0 ? noAnswer(error) : status == 408 || status == 429 || status >= 500;
  }

  /** Whether the request may have been carried out all the same. */
  static boolean unknown(Throwable error) {
    return status(error) == 0 || status(error) >= 500;
  }

  private static boolean noAnswer(Throwable error) {
    return error instanceof ApiCallAttemptTimeoutException
        || (error instanceof SdkClientException
            && Throwables.getCausalChain(error).stream().anyMatch(IOException.class::isInstance));
  }

  /**
   * The failure as it is told to people.
   *
   * @param what was tried, as in "cannot read KEY in region R at s3://bucket"
   */
  static DataException told(String what, String endpoint, Throwable error) {
    Optional<Throwable> ours =
        Throwables.getCausalChain(error).stream()
            .filter(DataException.class::isInstance)
            .findFirst();
    return ours.map(DataException.class::cast)
        .orElseGet(() -> new DataException(what + ": " + reason(endpoint, error)));
  }

  /** Why, with what to do about it. */
  static String reason(String endpoint, Throwable error) {
    if (error instanceof SdkServiceException e) {
      String code = code(e);
      String told = "HTTP " + e.statusCode() + (code.isEmpty() ? "" : " " + code);
      String advice = advice(e, code, endpoint);
      return advice.isEmpty() ? told + " from " + endpoint : told + "; " + advice;
    }
    if (error instanceof ApiCallAttemptTimeoutException) {
      return "no answer in time from " + endpoint;
    }
    if (String.valueOf(error.getMessage()).contains("Unable to load credentials")) {
      return "no credentials for S3; give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
          + " AWS_PROFILE";
    }
    Throwable root = Throwables.getRootCause(error);
    boolean unreached =
        Throwables.getCausalChain(error).stream()
            .anyMatch(
                e ->
                    e instanceof ConnectException
                        || e instanceof HttpConnectTimeoutException
                        || e instanceof UnresolvedAddressException);
    return (unreached ? "cannot reach " : "failure on the way to ")
        + endpoint
        + " ("
        + root.getClass().getSimpleName()
        + ")"
        + (unreached ? "; is AWS_ENDPOINT_URL right?" : "");
  }

  /** The server's error code, if it is one. */
  private static String code(SdkServiceException error) {
    String code =
        error instanceof AwsServiceException e && e.awsErrorDetails() != null
            ? e.awsErrorDetails().errorCode()
            : null;
    return code != null && CODE.matcher(code).matches() ? code : "";
  }

  private static String advice(SdkServiceException error, String code, String endpoint) {
    return switch (code) {
      case "NoSuchBucket" -> "there is no such bucket at " + endpoint;
      case "AccessDenied" -> "the credentials give no right to this";
      case "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "InvalidSecurity" ->
          "the credentials are not accepted; see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,"
              + " AWS_SESSION_TOKEN, AWS_PROFILE";
      case "RequestTimeTooSkewed" -> "this machine's clock is wrong";
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          "the bucket is in another region of AWS" + regionOf(error);
      case "NotImplemented" -> endpoint + " lacks what is needed (conditional writes)";
      case "" ->
          switch (error.statusCode()) {
            case 301 -> "the bucket is in another region of AWS" + regionOf(error);
            case 403 -> "the credentials give no right to this";
            default -> "is " + endpoint + " an S3 endpoint?";
          };
      default -> "";
    };
  }

  private static String regionOf(SdkServiceException error) {
    return error instanceof AwsServiceException e && e.awsErrorDetails() != null
        ? Optional.ofNullable(e.awsErrorDetails().sdkHttpResponse())
            .flatMap(response -> response.firstMatchingHeader("x-amz-bucket-region"))
            .filter(AWS_REGION.asMatchPredicate())
            .map(region -> "; set AWS_REGION=" + region)
            .orElse("; set AWS_REGION")
        : "; set AWS_REGION";
  }
}

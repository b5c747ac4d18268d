package dev.stillhouse.storage.store.s3;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.Set;
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

  private static final Set<String> THROTTLES =
      Set.of("SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded");

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

  /** Whether the server asks to be asked less often. */
  static boolean throttled(Throwable error) {
    int status = status(error);
    return status == 503
        || status == 429
        || (error instanceof SdkServiceException e && THROTTLES.contains(code(e)));
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
   * @param verb what was tried, as in "read"
   * @param what it was tried with, as in "KEY in region R at s3://bucket"
   */
  static DataException message(String verb, String what, String endpoint, Throwable error) {
    Optional<Throwable> ours =
        Throwables.getCausalChain(error).stream()
            .filter(DataException.class::isInstance)
            .findFirst();
    return ours.map(DataException.class::cast)
        .orElseGet(
            () ->
                new NotReachedException(
                    why(error),
                    "cannot "
                        + verb
                        + " "
                        + what
                        + ": "
                        + reason(endpoint, error)
                        + right(verb, error)
                        + waited(error),
                    null));
  }

  private static String waited(Throwable error) {
    return throttled(error)
        ? "; it is busy, and was asked again for " + BlobStore.BUSY_PATIENCE.toSeconds() + " s"
        : "";
  }

  private static Why why(Throwable error) {
    if (throttled(error)) {
      return Why.BUSY;
    }
    if (error instanceof ApiCallAttemptTimeoutException) {
      return Why.LATE;
    }
    int status = status(error);
    return status == 401 || status == 403 ? Why.REFUSED : Why.UNREACHABLE;
  }

  /** The right that is missing, where that is why. */
  private static String right(String verb, Throwable error) {
    boolean denied =
        error instanceof SdkServiceException e
            && e.statusCode() == 403
            && (code(e).isEmpty() || code(e).equals("AccessDenied"));
    if (!denied) {
      return "";
    }
    return switch (verb) {
      case "write", "replace" -> " (s3:PutObject)";
      case "delete" -> " (s3:DeleteObject)";
      case "list" -> " (s3:ListBucket)";
      default -> " (s3:GetObject; and s3:ListBucket, without which what is missing is refused too)";
    };
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
        + way(root)
        + ")"
        + (unreached ? "; is AWS_ENDPOINT_URL right?" : "");
  }

  private static String way(Throwable root) {
    if (root instanceof UnresolvedAddressException || root instanceof UnknownHostException) {
      return "its name has no address";
    }
    if (root instanceof HttpConnectTimeoutException) {
      return "no connection within 10 s";
    }
    if (root instanceof ConnectException) {
      return "no connection";
    }
    return root instanceof IOException ? "the connection broke" : "no answer of HTTP's";
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
            case 429, 503 -> "";
            case 500, 502, 504 -> "it is out of order";
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

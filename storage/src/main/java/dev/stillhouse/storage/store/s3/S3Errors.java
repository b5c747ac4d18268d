package dev.stillhouse.storage.store.s3;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import dev.stillhouse.storage.store.Waits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Says what a failure of S3 means. Messages hold the status and the server's error code, never the
 * server's own text or the SDK's, and these are not kept as causes: a server may send back what it
 * was sent, with a signature or a session's token.
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

  /** Returns the HTTP status of a failure; 0 if no answer came. */
  static int status(Throwable error) {
    return error instanceof SdkServiceException e ? e.statusCode() : 0;
  }

  /** Returns whether the same request may succeed later. */
  static boolean passing(Throwable error) {
    int status = status(error);
    return status == 0 ? noAnswer(error) : status == 408 || status == 429 || status >= 500;
  }

  /** Returns whether the server asks to be asked less often. */
  static boolean throttled(Throwable error) {
    int status = status(error);
    return status == 503
        || status == 429
        || (error instanceof SdkServiceException e && THROTTLES.contains(code(e)));
  }

  /** Returns whether the request may have been carried out all the same. */
  static boolean unknown(Throwable error) {
    return status(error) == 0 || status(error) >= 500;
  }

  private static boolean noAnswer(Throwable error) {
    return error instanceof ApiCallAttemptTimeoutException
        || (error instanceof SdkClientException
            && Throwables.getCausalChain(error).stream().anyMatch(IOException.class::isInstance));
  }

  /**
   * Returns the error for people.
   *
   * @param verb what was tried, as in "read"
   * @param what its object, as in "KEY in region R at s3://bucket"
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

  /**
   * Returns the error of a page of a list that says neither that it is the last nor what follows.
   */
  static NotReachedException cutList(String what, String endpoint) {
    String message =
        String.format(
            Locale.ROOT,
            "cannot list %s: the server at %s says that the list goes on and not where (no"
                + " continuation token)",
            what,
            endpoint);
    return new NotReachedException(Why.UNREACHABLE, message, null);
  }

  /** Returns the error of an answer that lacks what all of S3's answers have. */
  static NotReachedException notOfS3(String verb, String what, String endpoint) {
    String message =
        String.format(
            Locale.ROOT,
            "cannot %s %s: the answer is none of S3's; is %s an S3 endpoint?",
            verb,
            what,
            endpoint);
    return new NotReachedException(Why.UNREACHABLE, message, null);
  }

  /** Returns the same predicate, which reports the server's answer before another attempt. */
  static Predicate<Throwable> telling(
      Waits.Wait wait, Predicate<Throwable> again, Supplier<String> endpoint) {
    return error -> {
      boolean yes = again.test(error);
      if (yes) {
        wait.because("asked again after: " + reason(endpoint.get(), error));
      }
      return yes;
    };
  }

  /** Returns the right that is missing, if that is the reason. */
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

  /** Returns the reason, with what to do about it. */
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

  /** Returns the server's error code, if the failure has one. */
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

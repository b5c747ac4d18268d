package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.DataException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/**
 * A connection to S3, configured by the SDK's own chain. Credentials: environment, system
 * properties, profile, process, container, instance. Endpoint: {@code AWS_ENDPOINT_URL_S3}, {@code
 * AWS_ENDPOINT_URL}, profile; without one it is AWS itself. Region: {@code AWS_REGION}, profile,
 * instance; another endpoint needs none. Wrong settings are reported when S3 is first used, as any
 * region's failure: other regions may serve.
 *
 * @param client does not retry; {@link Retries} does
 * @param endpoint for people, as in {@code http://127.0.0.1:9000}; nothing secret is in it
 */
record S3Connection(S3AsyncClient client, String endpoint) implements AutoCloseable {
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  /** Returns the timeout of an attempt that moves this many bytes. */
  static Duration timeout(long bytes) {
    return ATTEMPT.plusSeconds(bytes / 1_000_000);
  }

  /** Returns a connection by the environment. */
  static S3Connection ofEnvironment() {
    return of(S3AsyncClient.builder());
  }

  /** Returns a connection by {@code builder}, and by the environment where it has no setting. */
  static S3Connection of(S3AsyncClientBuilder builder) {
    builder
        .httpClient(JdkHttp.SHARED)
        // Uploads carry a CRC32C of their own, and what is read is checked by law 6. The SDK's
        // default trailers are not understood by every server that speaks S3.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallAttemptTimeout(ATTEMPT));
    try {
      Optional<Region> region = region();
      S3AsyncClient client = builder.region(region.orElse(Region.US_EAST_1)).build();
      Optional<URI> endpoint = client.serviceClientConfiguration().endpointOverride();
      if (endpoint.isEmpty() && region.isPresent()) {
        return new S3Connection(client, "https://s3." + region.get() + ".amazonaws.com");
      }
      client.close();
      if (endpoint.isPresent()) {
        String shown = checked(endpoint.get());
        return new S3Connection(builder.forcePathStyle(true).build(), shown);
      }
      // A machine of AWS knows its region; elsewhere this fails.
      return new S3Connection(builder.region(null).build(), "https://s3.amazonaws.com");
    } catch (SdkException | IllegalArgumentException | NullPointerException e) {
      throw new DataException(
          "S3 cannot be used: its settings in the environment or the profile are not complete or"
              + " not right; give AWS_REGION, or AWS_ENDPOINT_URL for a server that is not AWS");
    }
  }

  /**
   * Returns the region, without asking the instance: only machines of AWS answer, and others would
   * wait.
   */
  private static Optional<Region> region() {
    try {
      AwsRegionProviderChain chain =
          new AwsRegionProviderChain(
              new SystemSettingsRegionProvider(), new AwsProfileRegionProvider());
      return Optional.ofNullable(chain.getRegion());
    } catch (SdkException e) {
      return Optional.empty(); // So the chain says that it knows none.
    }
  }

  /**
   * Returns scheme, host and port.
   *
   * @throws dev.stillhouse.storage.UsageException if the endpoint holds a password
   */
  private static String checked(URI endpoint) {
    if (endpoint.getHost() == null
        || endpoint.getUserInfo() != null
        || endpoint.getQuery() != null
        || !String.valueOf(endpoint.getScheme()).matches("(?i)https?")) {
      throw new DataException(
          "AWS_ENDPOINT_URL (or endpoint_url of the profile) is no https://host[:port] without"
              + " user and query");
    }
    String shown =
        endpoint.getScheme()
            + "://"
            + endpoint.getHost()
            + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
    if (!JdkHttp.isSafe(endpoint)) {
      throw DataException.of(
          "the S3 endpoint %s is without TLS: requests carry signatures and tokens; use https:,"
              + " or http: on this machine (localhost, 127.0.0.1) alone",
          shown);
    }
    return shown;
  }

  @Override
  public void close() {
    client.close();
  }
}

package dev.stillhouse.pipeline.teacher.served;

import com.google.common.base.CharMatcher;
import com.google.common.base.Strings;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A token that servers ask for (RFC 6750). It is never shown. */
final class BearerSecret {
  /** The environment variable that holds it. */
  static final String VARIABLE = "STILLHOUSE_TEACHER_TOKEN";

  private static final int MAX_BYTES = 1 << 16;

  private final String secret;

  private BearerSecret(String secret) {
    this.secret = secret;
  }

  /**
   * Returns the token of the settings' file or of the environment, if there is one.
   *
   * @throws UsageException if it would travel in the clear, or cannot be read
   */
  static Optional<BearerSecret> of(ServedSettings settings, Map<String, String> environment) {
    String text =
        settings.tokenFile().isEmpty()
            ? Strings.nullToEmpty(environment.get(VARIABLE))
            : read(settings);
    String secret = text.strip();
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    if (!CharMatcher.inRange('!', '~').matchesAllOf(secret)) {
      throw UsageException.of(
          "%s: the token has a character that a header cannot carry (blank, line end or beyond"
              + " ASCII)",
          settings.teacher());
    }
    for (URI url : settings.urls()) {
      if (!"https".equals(url.getScheme()) && !Loopback.is(url.getHost())) {
        throw UsageException.of(
            "%s: a token would travel to %s in the clear; use https://, or a tunnel to 127.0.0.1,"
                + " or unset %s",
            settings.teacher(), url, VARIABLE);
      }
    }
    return Optional.of(new BearerSecret(secret));
  }

  private static String read(ServedSettings settings) {
    Path file = LocalPath.of(settings.teacher(), settings.tokenFile());
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw UsageException.of(
            "%s: token-file=%s has %d bytes, need at most %d",
            settings.teacher(), file, Files.size(file), MAX_BYTES);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw UsageException.of(
          "%s: token-file=%s cannot be read: %s", settings.teacher(), file, e.getMessage());
    }
  }

  /** Returns the value of the header {@code Authorization}. */
  String header() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "a token";
  }
}

package dev.stillhouse.serve;

import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks a certificate and its key before a server uses them, so that errors name the file. */
final class TlsFiles {
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private TlsFiles() {}

  /**
   * Checks that both files can be read and belong together.
   *
   * @throws DataException if they do not; it names the file and what it should hold
   */
  static void check(StudentServer.Access.Tls tls) {
    PublicKey certified = certificate(tls.certificates()).getPublicKey();
    if (!belong(key(tls.key(), certified.getAlgorithm()), certified)) {
      throw DataException.of(
          "%s: not the key of the first certificate of %s: need the PEM files of one pair",
          tls.key(), tls.certificates());
    }
  }

  private static Certificate certificate(Path file) {
    try {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)));
      if (!chain.isEmpty()) {
        return chain.iterator().next();
      }
    } catch (GeneralSecurityException e) {
      throw noCertificate(file, e);
    }
    throw noCertificate(file, null);
  }

  private static DataException noCertificate(Path file, @Nullable Exception cause) {
    return new DataException(
        file + ": no certificates: need a PEM file, the server's first, then who signed it", cause);
  }

  private static PrivateKey key(Path file, String algorithm) {
    Matcher found = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (!found.find()) {
      throw DataException.of(
          "%s: no 'BEGIN PRIVATE KEY': need a PEM file in PKCS#8 form without password, which"
              + " 'openssl pkcs8 -topk8 -nocrypt' makes of others",
          file);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new DataException(
          file + ": no " + algorithm + " key, as the certificate has: need its PEM file", e);
    }
  }

  private static boolean belong(PrivateKey key, PublicKey certified) {
    byte[] any = "one pair".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(signature(certified.getAlgorithm()));
      signature.initSign(key);
      signature.update(any);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(any);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new DataException("cannot sign with a " + certified.getAlgorithm() + " key: " + e, e);
    }
  }

  private static String signature(String algorithm) {
    return switch (algorithm) {
      case "EC" -> "SHA256withECDSA";
      case "RSA", "DSA" -> "SHA256with" + algorithm;
      default -> algorithm;
    };
  }

  private static byte[] read(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes > MAX_BYTES) {
        throw DataException.of(
            "%s: %d bytes, a PEM file here has at most %d", file, bytes, MAX_BYTES);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(file + ": this PEM file cannot be read: " + e.getMessage(), e);
    }
  }
}

package dev.stillhouse.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes certificates with the JDK's {@code keytool}, as PEM files: {@code ca.pem} and {@code
 * unknown.pem} are roots. {@code good}, {@code expired} and {@code elsewhere} (another host's) are
 * signed by the first, each a {@code .pem} and a {@code .key}. The tests of the Python package run
 * it as a program, from its source alone: {@code java TestCertificates.java DIRECTORY}.
 */
final class TestCertificates {
  private static final char[] PASSWORD = "only for tests".toCharArray();

  private final Path directory;
  private final Path store;

  private TestCertificates(Path directory) {
    this.directory = directory;
    this.store = directory.resolve("all.p12");
  }

  public static void main(String[] arguments) throws Exception {
    write(Path.of(arguments[0]));
  }

  /** Writes all files into a directory that is there. */
  static void write(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    TestCertificates made = new TestCertificates(directory);
    for (String root : List.of("ca", "unknown")) {
      made.keytool(root, "CN=Test root " + root, "-ext", "bc:c", "-validity", "30");
    }
    String here = "san=dns:localhost,ip:127.0.0.1";
    made.signed("good", here, "-validity", "30");
    made.signed("expired", here, "-startdate", "-9d", "-validity", "7");
    made.signed("elsewhere", "san=dns:elsewhere.example", "-validity", "30");
    KeyStore keys = KeyStore.getInstance(made.store.toFile(), PASSWORD);
    for (String name : List.of("ca", "unknown", "good", "expired", "elsewhere")) {
      made.export(keys, name);
    }
  }

  private void signed(String name, String alternative, String... more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("-signer", "ca", "-ext", alternative));
    words.addAll(List.of(more));
    keytool(name, "CN=Test " + name, words.toArray(String[]::new));
  }

  private void keytool(String alias, String subject, String... more)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                alias,
                "-dname",
                subject));
    words.addAll(List.of(more));
    Path log = directory.resolve("keytool.log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("keytool " + alias + ": " + Files.readString(log));
    }
  }

  private void export(KeyStore keys, String name) throws IOException, GeneralSecurityException {
    StringBuilder chain = new StringBuilder();
    for (Certificate certificate : keys.getCertificateChain(name)) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    Files.writeString(directory.resolve(name + ".pem"), chain);
    Files.writeString(
        directory.resolve(name + ".key"),
        pem("PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }
}

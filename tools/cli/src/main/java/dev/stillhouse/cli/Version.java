package dev.stillhouse.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Gives the version and commit of the build, and the JDK that runs. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/stillhouse.properties")) {
      if (in == null) {
        throw new IOException("stillhouse.properties is not in the jar; build it again");
      }
      build.load(in);
    }
    return new String[] {
      "stillhouse %s (build %s)"
          .formatted(build.getProperty("version"), build.getProperty("commit")),
      "JDK %s (%s)".formatted(System.getProperty("java.version"), System.getProperty("java.vendor"))
    };
  }
}

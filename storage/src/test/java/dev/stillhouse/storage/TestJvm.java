package dev.stillhouse.storage;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gives the command lines of other JVMs, of the JDK that runs the tests. */
public final class TestJvm {
  /**
   * Flags for a process of seconds, which compiles longer than it runs: C1 alone, and the serial
   * collector. Without the other compiler the product uses plain loops, which give the same bits as
   * vectors.
   */
  public static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final List<String> AWS =
      List.of("aws.endpointUrl", "aws.accessKeyId", "aws.secretAccessKey", "aws.region");

  private TestJvm() {}

  /**
   * Returns java, {@link #SHORT_LIVED}, and the packages that are opened to this JVM. The caller
   * adds a class path and a class.
   */
  public static List<String> java(String... flags) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(SHORT_LIVED);
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--") && !flag.startsWith("--add-modules")) {
        words.add(flag);
      }
    }
    words.addAll(List.of(flags));
    return words;
  }

  /** Returns {@link #java} with this JVM's class path and a class. The caller adds arguments. */
  public static List<String> of(Class<?> main, String... flags) {
    List<String> words = java(flags);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return words;
  }

  /** Returns the properties that lead to the S3 server of this JVM; none if it has no server. */
  public static String[] s3() {
    return AWS.stream()
        .filter(key -> System.getProperty(key) != null)
        .map(key -> "-D" + key + "=" + System.getProperty(key))
        .toArray(String[]::new);
  }
}

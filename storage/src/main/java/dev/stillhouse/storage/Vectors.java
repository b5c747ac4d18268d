package dev.stillhouse.storage;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says whether loops over the Vector API are faster here. They need the incubator module and a JVM
 * with its optimising compiler. Without that compiler each vector is an object, and a row of logits
 * takes seconds.
 */
public final class Vectors {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int OPTIMISING = 4;
  private static final Optional<String> ABSENCE =
      unavailableReason(
          ModuleLayer.boot().findModule(MODULE).isPresent(),
          System.getProperty("java.vm.info", ""),
          option("TieredStopAtLevel"));

  private Vectors() {}

  /** Returns why plain loops are used, and what to do about it; empty if vectors are used. */
  public static Optional<String> unavailableReason() {
    return ABSENCE;
  }

  /**
   * Returns why vectors are not used in such a JVM; empty if they are.
   *
   * @param module whether the incubator module is in the boot layer
   * @param mode of the JVM, the value of {@code java.vm.info}
   * @param tier number of the highest compiler that is used, 4 is the optimising one; null if
   *     unknown
   */
  public static Optional<String> unavailableReason(
      boolean module, String mode, @Nullable String tier) {
    if (!module) {
      return Optional.of(
          "module " + MODULE + " is not there; start java with --add-modules=" + MODULE);
    }
    String lower = mode.toLowerCase(Locale.ROOT);
    if (lower.contains("interpreted") || lower.contains("emulated-client")) {
      return Optional.of(
          "the JVM's optimising compiler is off ("
              + mode
              + "); leave out -Xint and"
              + " -XX:TieredStopAtLevel");
    }
    if (tier != null && Integer.parseInt(tier) < OPTIMISING) {
      return Optional.of(
          "the JVM's optimising compiler is off; leave out -XX:TieredStopAtLevel=" + tier);
    }
    return Optional.empty();
  }

  /** Returns the value of an option of HotSpot; null in other JVMs, which have no such limit. */
  private static @Nullable String option(String name) {
    HotSpotDiagnosticMXBean bean =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return bean == null ? null : bean.getVMOption(name).getValue();
  }
}

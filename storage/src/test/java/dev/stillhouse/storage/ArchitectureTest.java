package dev.stillhouse.storage;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shape of the design page, kept. Each rule was once seen to fail on a planted violation. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.stillhouse.storage");

  @Test
  void packagesHaveNoCircle() {
    slices()
        .matching("dev.stillhouse.storage.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /**
   * A generation is frozen on its release: what two of them share moves up into layout, or into its
   * package pages, which knows none of them.
   */
  @Test
  void layoutsDoNotKnowEachOther() {
    slices()
        .matching("dev.stillhouse.storage.layout.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage("dev.stillhouse.storage.layout.pages"))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** Packed sequences are what every layout stores: the lower format. */
  @Test
  void tokensDoNotKnowLayouts() {
    noClasses()
        .that()
        .resideInAPackage("dev.stillhouse.storage.tokens..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.stillhouse.storage.layout..")
        .check(CLASSES);
  }

  /** What keeps blobs, and what knows how far places lie apart, serve any dataset. */
  @Test
  void storesAndTopologyKnowNothingAboveThem() {
    knowNone(
        List.of("store", "topology"),
        List.of("replica", "manifest", "dataset", "loader", "layout", "tokens", "parquet"));
  }

  @Test
  void topologyKnowsNoStore() {
    knowNone(List.of("topology"), List.of("store"));
  }

  /** A replica is read by key: what the blobs mean is decided above. */
  @Test
  void replicasDoNotKnowManifests() {
    knowNone(List.of("replica"), List.of("manifest", "dataset", "loader"));
  }

  @Test
  void manifestsDoNotKnowDatasets() {
    knowNone(List.of("manifest"), List.of("dataset", "loader"));
  }

  /** An order is arithmetic on numbers. */
  @Test
  void ordersReadNothing() {
    knowNone(
        List.of("loader.order"),
        List.of("store", "replica", "manifest", "dataset", "layout", "tokens", "parquet"));
  }

  private static void knowNone(List<String> rooms, List<String> others) {
    noClasses()
        .that()
        .resideInAnyPackage(packages(rooms))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(others))
        .check(CLASSES);
  }

  private static String[] packages(List<String> rooms) {
    return rooms.stream()
        .map(room -> "dev.stillhouse.storage." + room + "..")
        .toArray(String[]::new);
  }

  /** A student's machine loads storage alone. */
  @Test
  void storageSeesNoBeamAndNoModuleAboveIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.stillhouse.storage..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.beam..",
            "dev.stillhouse.pipeline..",
            "dev.stillhouse.cli..",
            "dev.stillhouse.bench..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nothingRunsInTheCommonPool() {
    CommonPool.IS_NOT_USED.check(CLASSES);
  }

  /** Each way into it is found. */
  @Test
  void eachWayIntoTheCommonPoolIsFound() {
    JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
    String told =
        assertThrows(AssertionError.class, () -> CommonPool.IS_NOT_USED.check(planted)).toString();
    long methods =
        Arrays.stream(Planted.class.getDeclaredMethods()).filter(m -> !m.isSynthetic()).count();
    for (int i = 1; i <= methods; i++) {
      assertTrue(told.contains("Planted.way" + i + "("), "way " + i + " is not in: " + told);
    }
  }

  @SuppressWarnings({"unused", "FutureReturnValueIgnored"})
  private static final class Planted {
    static Object way1(List<String> list) {
      return list.parallelStream();
    }

    static Object way2(Stream<String> stream) {
      return stream.parallel();
    }

    static Object way3(IntStream stream) {
      return stream.parallel();
    }

    static Object way4() {
      return CompletableFuture.runAsync(() -> {});
    }

    static Object way5() {
      return CompletableFuture.supplyAsync(() -> "");
    }

    static Object way6(CompletableFuture<String> future) {
      return future.thenApplyAsync(s -> s);
    }

    static Object way7() {
      return CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
    }

    static Object way8(CompletableFuture<String> future) {
      return future.orTimeout(1, TimeUnit.SECONDS);
    }

    static Object way9() {
      return ForkJoinPool.commonPool();
    }

    static Object way10(HttpClient client, HttpRequest request) {
      return client.sendAsync(request, BodyHandlers.discarding());
    }

    static Supplier<Object> way11(List<String> list) {
      return list::parallelStream;
    }
  }
}

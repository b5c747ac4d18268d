package dev.stillhouse.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stillhouse.storage.CommonPool;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The shape of the design page, kept. Each rule was once seen to fail on a planted violation. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.stillhouse.pipeline");

  @Test
  void packagesHaveNoCircle() {
    slices()
        .matching("dev.stillhouse.pipeline.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void pipelineDoesNotKnowTools() {
    noClasses()
        .that()
        .resideInAPackage("dev.stillhouse.pipeline..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.stillhouse.cli..", "dev.stillhouse.bench..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** What jobs share is in their common package; an extraction places its copies itself. */
  @Test
  void jobsDoNotKnowEachOther() {
    slices()
        .matching("dev.stillhouse.pipeline.job.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            resideInAPackage("dev.stillhouse.pipeline.job.extract"),
            resideInAPackage("dev.stillhouse.pipeline.job.replicate"))
        .check(CLASSES);
  }

  /** The common package is below all of them. */
  @Test
  void whatJobsShareKnowsNone() {
    noClasses()
        .that()
        .resideInAPackage("dev.stillhouse.pipeline.job")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.stillhouse.pipeline.job.*..")
        .check(CLASSES);
  }

  @Test
  void tokenizersDoNotKnowTheCorpus() {
    doesNotKnow("tokenizer", "corpus", "packing", "job", "teacher");
  }

  @Test
  void theCorpusDoesNotKnowPacking() {
    doesNotKnow("corpus", "packing", "job", "teacher");
  }

  private static void doesNotKnow(String room, String... others) {
    noClasses()
        .that()
        .resideInAPackage("dev.stillhouse.pipeline." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Arrays.stream(others)
                .map(other -> "dev.stillhouse.pipeline." + other + "..")
                .toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void nothingRunsInTheCommonPool() {
    CommonPool.IS_NOT_USED.check(CLASSES);
  }
}

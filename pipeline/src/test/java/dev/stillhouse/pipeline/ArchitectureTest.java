package dev.stillhouse.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stillhouse.storage.CommonPool;
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

  @Test
  void nothingRunsInTheCommonPool() {
    CommonPool.IS_NOT_USED.check(CLASSES);
  }
}

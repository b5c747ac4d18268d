package dev.stillhouse.serve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stillhouse.storage.CommonPool;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.stillhouse.serve");

  @Test
  void nothingRunsInTheCommonPool() {
    CommonPool.IS_NOT_USED.check(CLASSES);
  }

  /** The Python package carries this module: it must stay small. */
  @Test
  void theServerKnowsNeitherBeamNorTheCommandLine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.beam..", "dev.stillhouse.pipeline..", "picocli..")
        .check(CLASSES);
  }
}

package dev.stillhouse.storage;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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

  /** A student's machine loads storage alone. */
  @Test
  void storageSeesNoBeamAndNoModuleAboveIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.stillhouse.storage..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.beam..", "dev.stillhouse.pipeline..", "dev.stillhouse.tools..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}

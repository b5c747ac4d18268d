package dev.stillhouse.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stillhouse.storage.CommonPool;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.stillhouse.cli");

  /** On a terminal JLine resets the signal of Ctrl-C, and no shutdown hook would run. */
  @Test
  void nothingTakesCtrlCAwayFromTheJvm() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ConsoleProgressBarConsumer.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("org.jline..")
        .check(CLASSES);
  }

  @Test
  void nothingRunsInTheCommonPool() {
    CommonPool.IS_NOT_USED.check(CLASSES);
  }
}

package dev.stillhouse.bench;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stillhouse.storage.CommonPool;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.stillhouse.bench");

  @Test
  void nothingRunsInTheCommonPool() {
    CommonPool.IS_NOT_USED.check(CLASSES);
  }
}

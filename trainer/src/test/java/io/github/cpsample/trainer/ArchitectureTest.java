package io.github.cpsample.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the trainer's packages. */
class ArchitectureTest {

  private static final String ROOT = "io.github.cpsample.trainer.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.cpsample.trainer");

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void dataAndNetworksKnowNoTraining() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "data..", ROOT + "network..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "training..", ROOT + "export..", ROOT + "build..")
        .check(CLASSES);
  }

  @Test
  void onlyNetworksTrainingAndVersionsTouchDjl() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "data..", ROOT + "build..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void nothingUsesTheBuild() {
    classes()
        .that()
        .resideInAPackage(ROOT + "build..")
        .should()
        .onlyBeAccessed()
        .byAnyPackage(ROOT + "build..")
        .check(CLASSES);
  }
}

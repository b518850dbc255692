package io.github.cpsample.onnx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The library needs the JDK and the protobuf classes of ONNX, and runs nothing. */
class ArchitectureTest {

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.cpsample");

  @Test
  void needsProtobufOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "io.github.cpsample.base..",
            "io.github.cpsample.files..",
            "io.github.cpsample.onnx..",
            "com.google.protobuf..",
            "ai.onnx.proto..")
        .check(LIBRARY);
  }

  @Test
  void graphsKnowNoDerivatives() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.cpsample.onnx.autodiff..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.cpsample.onnx.autodiff..")
        .check(LIBRARY);
  }

  @Test
  void derivativesKnowNoFiles() {
    noClasses()
        .that()
        .resideInAPackage("io.github.cpsample.onnx.autodiff..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "ai.onnx.proto..", "java.nio.file..")
        .check(LIBRARY);
  }
}

package io.github.cpsample;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the packages of the runtime. */
class ArchitectureTest {
  private static final String ROOT = "io.github.cpsample.";
  private static final JavaClasses RUNTIME =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.github.cpsample");

  /** A package, then the packages of this library that it may use beside {@code base}. */
  @ParameterizedTest
  @CsvSource({
    "base,",
    "files,",
    "onnx,       files",
    "diffusion,  protection",
    "protection,",
    "image,      files",
    "bundle,     files onnx image diffusion protection",
    "inference,  onnx image diffusion bundle",
    "composition, onnx diffusion protection image bundle",
    "diffusers,  onnx diffusion image inference bundle",
    "latent,     onnx image inference bundle",
    "sampling,   latent onnx diffusion protection image inference bundle" + " composition",
    "guard,      sampling files diffusion protection image inference bundle",
    "provider,   plugin diffusion image inference bundle sampling guard",
  })
  void packagesUseOnlyWhatIsBelowThem(String name, String allowed) {
    List<String> packages = new ArrayList<>(List.of(ROOT + "base..", ROOT + name + ".."));
    if (allowed != null) {
      for (String other : allowed.split(" ", -1)) {
        packages.add(ROOT + other + "..");
      }
    }
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(packages.toArray(String[]::new))
                .or(resideOutsideOfPackage("io.github.cpsample..")))
        .check(RUNTIME);
  }

  @Test
  void everyPackageIsInTheTable() {
    classes()
        .that()
        .resideOutsideOfPackage(ROOT + "plugin..")
        .should()
        .resideInAnyPackage(
            List.of(
                    "base",
                    "files",
                    "onnx",
                    "diffusion",
                    "guard",
                    "protection",
                    "image",
                    "inference",
                    "bundle",
                    "composition",
                    "diffusers",
                    "latent",
                    "sampling",
                    "provider")
                .stream()
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new))
        .check(RUNTIME);
  }

  @Test
  void onlyInferenceKnowsOnnxRuntime() {
    onlyIn("inference", "ai.onnxruntime..");
  }

  @Test
  void onlyOnnxKnowsProtobuf() {
    onlyIn("onnx", "com.google.protobuf..", "ai.onnx.proto..");
  }

  @Test
  void onlyReadersOfJsonFilesKnowGson() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "bundle..", ROOT + "diffusers..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.gson..")
        .check(RUNTIME);
  }

  @Test
  void onlyImageKnowsTwelveMonkeys() {
    onlyIn("image", "com.twelvemonkeys..");
  }

  @Test
  void nobodyPrints() {
    com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        RUNTIME);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(RUNTIME);
  }

  private static void onlyIn(String name, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .check(RUNTIME);
  }
}

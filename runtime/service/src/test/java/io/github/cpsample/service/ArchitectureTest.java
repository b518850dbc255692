package io.github.cpsample.service;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the packages of the service. */
class ArchitectureTest {
  private static final String ROOT = "io.github.cpsample.";
  private static final JavaClasses SERVICE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT + "service");

  @ParameterizedTest
  @CsvSource({
    "service.engine,   sampling bundle",
    "service.settings, service.engine",
    "service.web,      service.engine service.settings sampling bundle image diffusion inference",
  })
  void packagesUseOnlyWhatIsBelowThem(String name, String allowed) {
    String[] packages =
        Stream.concat(Stream.of("base", name), Arrays.stream(allowed.split(" ", -1)))
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(packages).or(resideOutsideOfPackage("io.github.cpsample..")))
        .check(SERVICE);
  }

  @Test
  void onlyTheWebKnowsHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "service.web..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "com.google.gson.."))
        .check(SERVICE);
  }

  /** Requests of the library change in one place when it does. */
  @Test
  void onlyOneClassMakesRequestsOfTheLibrary() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "service.web..")
        .and()
        .doNotHaveSimpleName("SampleRequests")
        .should()
        .callMethodWhere(
            JavaCall.Predicates.target(
                HasOwner.Predicates.With.owner(
                    HasName.Predicates.name(ROOT + "sampling.SampleRequest"))))
        .check(SERVICE);
  }
}

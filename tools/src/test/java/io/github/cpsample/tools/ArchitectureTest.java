package io.github.cpsample.tools;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.cpsample.tools.cli.Command;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the packages of the tools. */
class ArchitectureTest {

  private static final String ROOT = "io.github.cpsample.";
  private static final JavaClasses TOOLS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT + "tools");

  /** A package, then the packages of this project that it may use beside {@code base}. */
  @ParameterizedTest
  @CsvSource({
    "tools.cli,",
    "tools.picture,",
    "tools.pipeline, plugin",
    "tools.graph,    onnx inference",
    "tools.training, files evaluation.store evaluation.quality image trainer.build trainer.data"
        + " trainer.network evaluation.statistics",
    "tools.report,   files image evaluation.audit evaluation.figures evaluation.statistics"
        + " evaluation.store tools.picture",
    "tools.report.chart,",
    "tools.demo,     evaluation.judging evaluation.figures evaluation.quality evaluation.store"
        + " tools.picture trainer bundle image inference sampling",
  })
  void packagesUseOnlyWhatIsBelowThem(String name, String allowed) {
    String[] packages =
        Stream.concat(
                Stream.of("base", name),
                allowed == null ? Stream.of() : Arrays.stream(allowed.split(" ", -1)))
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(packages).or(resideOutsideOfPackage("io.github.cpsample..")))
        .check(TOOLS);
  }

  @Test
  void theMinimalHostUsesNothingButTheJdkAndThePluginApi() {
    classes()
        .that()
        .resideInAPackage(ROOT + "tools.pipeline..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..", "javax.imageio..", ROOT + "plugin..", ROOT + "tools.pipeline.."))
        .check(TOOLS);
  }

  @Test
  void onlyTheFrameworkAndTheCommandsKnowTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "tools", ROOT + "tools.cli..", ROOT + "tools.commands..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "tools.cli..").or(resideInAPackage("org.apache.commons.cli..")))
        .check(TOOLS);
  }

  @Test
  void onlyTheChartsKnowHowTheyAreDrawn() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tools.report.chart..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.jfree..", "org.apache.batik.."))
        .check(TOOLS);
  }

  @Test
  void onlyTheFrameworkKnowsCommonsCli() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tools.cli..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.commons.cli..", "me.tongfei.."))
        .check(TOOLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auditing", "graph", "sampling", "training", "shared"})
  void groupsOfCommandsUseWhatTheyShareAndNoOtherGroup(String group) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "tools.commands." + group + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "tools.commands..")
                .and(resideOutsideOfPackage(ROOT + "tools.commands." + group + ".."))
                .and(resideOutsideOfPackage(ROOT + "tools.commands.shared..")))
        .check(TOOLS);
  }

  @Test
  void aGroupHoldsNothingPublicButItsCommands() {
    classes()
        .that()
        .resideInAPackage(ROOT + "tools.commands..")
        .and()
        .resideOutsideOfPackage(ROOT + "tools.commands.shared..")
        .and()
        .arePublic()
        .should()
        .implement(Command.class)
        .check(TOOLS);
  }
}

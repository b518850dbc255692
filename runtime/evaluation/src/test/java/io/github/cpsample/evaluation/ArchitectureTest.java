package io.github.cpsample.evaluation;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the evaluation, and what it can do without. */
class ArchitectureTest {

  private static final String PROJECT = "io.github.cpsample.";
  private static final String ROOT = PROJECT + "evaluation.";
  private static final int MOST_CLASSES = 30;
  private static final JavaClasses EVALUATION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(PROJECT + "evaluation");

  /**
   * A package: the packages of this module that it may use; and those of the runtime, beside {@code
   * base}.
   */
  private static final Map<String, String> ARROWS = new LinkedHashMap<>();

  static {
    ARROWS.put("statistics", ":");
    ARROWS.put("figures", "statistics : image");
    ARROWS.put("comparators", "figures : bundle diffusion image inference protection sampling");
    ARROWS.put("store", "comparators statistics : files image");
    ARROWS.put("quality", "figures statistics store : bundle image inference onnx");
    ARROWS.put("judging", "figures quality : image sampling");
    ARROWS.put("replication", "figures statistics store : image");
    ARROWS.put("attack", "figures statistics : diffusion");
    ARROWS.put(
        "membership",
        "attack figures statistics store : bundle diffusion guard image protection sampling");
    ARROWS.put(
        "trajectory",
        "comparators figures statistics : bundle diffusion image protection sampling");
    ARROWS.put(
        "calibration",
        "figures quality statistics store : bundle files image inference protection sampling");
    ARROWS.put(
        "audit",
        "calibration comparators figures membership quality replication statistics store trajectory : bundle files image inference protection sampling");
  }

  private static Stream<String> words(String text, String prefix) {
    return Arrays.stream(text.strip().split(" +", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> prefix + word + "..");
  }

  @Test
  void packagesUseOnlyWhatIsBelowThem() {
    ARROWS.forEach(
        (name, allowed) -> {
          int middle = allowed.indexOf(':');
          String[] packages =
              Stream.of(
                      Stream.of(PROJECT + "base..", ROOT + name + ".."),
                      words(allowed.substring(0, middle), ROOT),
                      words(allowed.substring(middle + 1), PROJECT))
                  .flatMap(it -> it)
                  .toArray(String[]::new);
          classes()
              .that()
              .resideInAPackage(ROOT + name + "..")
              .should()
              .onlyDependOnClassesThat(
                  resideInAnyPackage(packages).or(resideOutsideOfPackage("io.github.cpsample..")))
              .check(EVALUATION);
        });
  }

  @Test
  void everyPackageIsInTheTableAndSmall() {
    Map<String, Set<String>> byPackage = new TreeMap<>();
    for (JavaClass one : EVALUATION) {
      if (one.isTopLevelClass() && !one.getSimpleName().equals("package-info")) {
        byPackage
            .computeIfAbsent(one.getPackageName(), name -> new TreeSet<>())
            .add(one.getSimpleName());
      }
    }
    assertEquals(
        ARROWS.keySet().stream().map(name -> ROOT + name).collect(Collectors.toSet()),
        byPackage.keySet());
    byPackage.forEach(
        (name, classes) -> assertTrue(classes.size() <= MOST_CLASSES, name + " " + classes.size()));
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(EVALUATION);
  }

  @Test
  void onlyTheStatisticsKnowCommonsStatistics() {
    onlyIn("statistics", "org.apache.commons.statistics..");
  }

  @Test
  void onlyTheReplicationSearchKnowsLucene() {
    onlyIn("replication", "org.apache.lucene..");
  }

  @Test
  void nobodyPrints() {
    com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        EVALUATION);
  }

  /** PyTorch and what brings it along, command lines, progress bars and reports. */
  @Test
  void nothingIsMeasuredWithPyTorch() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.djl..",
            "org.apache.commons.cli..",
            "me.tongfei..",
            "j2html..",
            "org.jfree..",
            "org.apache.batik..")
        .check(EVALUATION);
    for (String name : List.of("ai.djl.engine.Engine", "ai.djl.pytorch.engine.PtEngine")) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
    }
  }

  private static void onlyIn(String name, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .check(EVALUATION);
  }
}

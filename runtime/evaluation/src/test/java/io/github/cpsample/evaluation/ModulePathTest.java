package io.github.cpsample.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.sampling.ProtectedSampler;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The libraries on the module path: what is exported, what is found, and that it runs. */
class ModulePathTest {
  private static final String PROJECT = "io.github.cpsample.";
  private static final Set<String> FOR_ALL =
      Set.of("bundle", "diffusion", "guard", "image", "inference", "protection", "sampling");

  private static ModuleLayer layer;

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** The four libraries, and the jars of the class path that are needed by one of them. */
  @BeforeAll
  static void openTheModules() throws URISyntaxException {
    Stream<Path> libraries =
        Stream.of(
            home(ProtectedImageProvider.class),
            home(OnnxCodec.class),
            home(ProtectedSampler.class),
            home(FrechetDistance.class));
    Stream<Path> jars =
        Arrays.stream(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator, -1))
            .filter(name -> name.endsWith(".jar"))
            .map(Path::of)
            .filter(jar -> isNeeded(jar.getFileName().toString()));
    ModuleFinder finder =
        ModuleFinder.of(Stream.concat(libraries, jars).distinct().toArray(Path[]::new));
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolveAndBind(ModuleFinder.of(), finder, Set.of(PROJECT + "evaluation"));
    layer =
        ModuleLayer.boot()
            .defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
  }

  private static boolean isNeeded(String jar) {
    return Stream.of(
            "onnxruntime",
            "tribuo-util-onnx",
            "protobuf-java",
            "gson",
            "imageio-",
            "common-",
            "ejml-",
            "commons-statistics-",
            "commons-numbers-",
            "commons-rng-",
            "lucene-core")
        .anyMatch(jar::startsWith);
  }

  private static Set<String> exported(String module) {
    return layer.findModule(PROJECT + module).orElseThrow().getDescriptor().exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toSet());
  }

  @Test
  void theRuntimeExportsToAllWhatItsSamplerSpeaksOf() {
    assertEquals(
        FOR_ALL.stream().map(name -> PROJECT + name).collect(Collectors.toSet()),
        exported("runtime"));
    assertEquals(Set.of(PROJECT + "plugin"), exported("plugin"));
  }

  @Test
  void theEvaluationExportsToAllWhatMeasures() {
    assertEquals(
        Stream.of("attack", "calibration", "figures", "quality", "statistics")
            .map(name -> PROJECT + "evaluation." + name)
            .collect(Collectors.toSet()),
        exported("evaluation"));
  }

  @Test
  void noModuleIsAutomaticOfOurs() {
    for (String name : List.of("plugin", "onnx", "runtime", "evaluation")) {
      assertTrue(
          !layer.findModule(PROJECT + name).orElseThrow().getDescriptor().isAutomatic(), name);
    }
  }

  private static Set<String> provided(Class<?> service) {
    Set<String> names = new TreeSet<>();
    for (Object provider : ServiceLoader.load(layer, service)) {
      names.add(provider.getClass().getName());
    }
    return names;
  }

  /** What modules provide is what jars on the class path provide. */
  @Test
  void servicesAreTheSameOnBothPaths() throws ReflectiveOperationException, IOException {
    for (String name : List.of("ProtectedImageProvider", "ImageOperation")) {
      String service = PROJECT + "plugin." + name;
      Set<String> listed;
      try (Stream<String> lines =
          Files.lines(
              Path.of("")
                  .toAbsolutePath()
                  .resolve("../src/main/resources/META-INF/services/" + service))) {
        listed =
            lines.filter(line -> !line.isBlank()).collect(Collectors.toCollection(TreeSet::new));
      }
      ClassLoader loader = layer.findLoader(PROJECT + "plugin");
      assertEquals(listed, provided(loader.loadClass(service)), service);
    }
  }

  /** Between points 0 and 2 and points 3 and 5 on a line: the means differ by 3. */
  @Test
  void aFrechetDistanceIsMeasuredThere() throws ReflectiveOperationException {
    Class<?> type =
        layer
            .findLoader(PROJECT + "evaluation")
            .loadClass(PROJECT + "evaluation.quality.FrechetDistance");
    assertTrue(type.getModule().isNamed());
    Object found =
        type.getMethod("between", double[][].class, double[][].class)
            .invoke(null, new double[][] {{0}, {2}}, new double[][] {{3}, {5}});
    assertEquals(9, ((Number) found).doubleValue(), 1e-5);
  }

  /** ONNX Runtime is reached from there; without CUDA the answer is the processor. */
  @Test
  void aDeviceIsTriedThere() throws ReflectiveOperationException {
    ClassLoader loader = layer.findLoader(PROJECT + "runtime");
    Class<?> device = loader.loadClass(PROJECT + "inference.Device");
    Object resolved =
        loader
            .loadClass(PROJECT + "inference.ResolvedDevice")
            .getMethod("of", device)
            .invoke(null, device.getMethod("cpu").invoke(null));
    assertTrue(resolved.toString().contains("cpu"), resolved.toString());
  }
}

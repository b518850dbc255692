package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.GenerationResult;
import io.github.cpsample.plugin.PluginLoader;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what works: its snippets are compiled and run, its commands exist. */
class ReadmeTest {

  private static final DocText README = new DocText("README.md");

  @TempDir private Path folder;

  @Test
  void everySnippetStandsInATest() throws IOException {
    assertEquals(3, README.blocks("java").size());
    README.checkSnippetsAreIn(
        ReadmeTest.class,
        "runtime/evaluation/src/test/java/io/github/cpsample/evaluation/EvaluationSnippetTest.java");
  }

  @Test
  void theLibrarySnippetWritesAnImage() throws IOException {
    File file = folder.resolve("library.png").toFile();
    try (ModelBundle model = ModelBundle.named("fashion-mnist");
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.auto())) {
      SampleResult result =
          sampler.sample(SampleRequest.of(16).withSteps(50).withSeed(7), Progress.none());
      ImageIO.write(result.image(0).toBufferedImage(), "png", file);
      System.out.println(result.report(0).guardedSteps());
    }
    assertEquals(28, ImageIO.read(file).getWidth());
  }

  @Test
  void thePluginSnippetWritesAnImage() throws IOException {
    File file = folder.resolve("plugin.png").toFile();
    Path directory = Files.createDirectory(folder.resolve("plugins"));
    writePluginJar(directory.resolve("plugin.jar"));
    ClassLoader parent = ReadmeTest.class.getClassLoader();
    try (PluginLoader plugins = PluginLoader.ofDirectory(directory, parent);
        ProtectedImageGenerator generator =
            plugins.provider("cpsample").open("fashion-mnist", "cpu")) {
      GenerationResult result =
          generator.generate(GenerationRequest.of(4).withSeed(7), GenerationListener.none());
      ImageIO.write(result.images().get(0).toBufferedImage(), "png", file);
    }
    assertEquals(28, ImageIO.read(file).getHeight());
  }

  /** A jar that only names the provider; its class is the host's. PipelineIT drops the real jar. */
  private static void writePluginJar(Path file) throws IOException {
    String service = "META-INF/services/io.github.cpsample.plugin.ProtectedImageProvider";
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry(service));
      jar.write("io.github.cpsample.provider.BundleProvider".getBytes(StandardCharsets.UTF_8));
      jar.closeEntry();
    }
  }

  @Test
  void theDifferentiateCommandWorksOnTheShippedClassifier() throws IOException {
    try (ModelBundle model = ModelBundle.named("fashion-mnist")) {
      Files.write(folder.resolve("classifier.onnx"), model.file("classifier.onnx"));
    }
    List<String> arguments = new ArrayList<>();
    for (String word : DocText.words(command("differentiate"))) {
      arguments.add(word.endsWith(".onnx") ? folder.resolve(word).toString() : word);
    }
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    assertTrue(Files.size(folder.resolve("gradient.onnx")) > 0);
  }

  /** Every command that the README shows is known, and so is every option of it. */
  @Test
  void everyCommandAndOptionExists() throws IOException {
    int commands = README.checkCommands();
    assertTrue(commands >= 7, "commands: " + commands);
  }

  private static String command(String name) throws IOException {
    return README.blocks("sh").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("./cpsample " + name))
        .findFirst()
        .orElseThrow()
        .replace("./cpsample ", "");
  }
}

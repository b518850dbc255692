package io.github.cpsample.tools.pipeline;

import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationResult;
import io.github.cpsample.plugin.ImageOperation;
import io.github.cpsample.plugin.ModelDescription;
import io.github.cpsample.plugin.PluginLoader;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Generates images with the plugins of a folder. */
public final class Pipeline {

  private static final String CONTACT_SHEET = "contact-sheet";

  private Pipeline() {}

  /**
   * Generates images and writes them as {@code image-00000.png} and so on; if a plugin offers an
   * operation {@code contact-sheet}, a {@code contact-sheet.png} too.
   *
   * @param settings what to do
   * @param host the class loader of the host
   * @param listener follows and cancels the work
   * @return the images and what they cost
   * @throws IOException if an image cannot be written
   * @throws io.github.cpsample.plugin.ProtectedImageException if a plugin or model is missing or
   *     fails
   */
  public static GenerationResult run(
      PipelineSettings settings, ClassLoader host, GenerationListener listener) throws IOException {
    try (PluginLoader plugins =
            PluginLoader.ofDirectory(settings.plugins(), new HostClasses(host));
        ProtectedImageGenerator generator = open(plugins.providers(), settings)) {
      GenerationResult result = generator.generate(settings.request(), listener);
      write(result, plugins.operations(), settings.out());
      return result;
    }
  }

  private static ProtectedImageGenerator open(
      List<ProtectedImageProvider> providers, PipelineSettings settings) throws IOException {
    if (providers.isEmpty()) {
      throw new IOException(
          "the jars in " + settings.plugins() + ": expected an image provider, found none");
    }
    List<String> known = new ArrayList<>();
    for (ProtectedImageProvider provider : providers) {
      for (ModelDescription model : provider.models()) {
        if (settings.model().map(model.name()::equals).orElse(true)) {
          return provider.open(model.name(), settings.device());
        }
        known.add(model.name());
      }
    }
    Path file = Path.of(settings.model().orElse(""));
    if (settings.model().isEmpty() || !Files.exists(file)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "model: expected %s or the path of a bundle, found %s; choose one with --model",
              known.isEmpty() ? "a name (the plugins bring no model along)" : "one of " + known,
              settings.model().map(name -> "'" + name + "'").orElse("nothing")));
    }
    return providers.get(0).open(file, settings.device());
  }

  private static void write(GenerationResult result, List<ImageOperation> operations, Path out)
      throws IOException {
    Files.createDirectories(out);
    List<BufferedImage> images =
        result.images().stream().map(GeneratedImage::toBufferedImage).toList();
    for (int i = 0; i < images.size(); i++) {
      ImageFiles.writePng(
          images.get(i), out.resolve(String.format(Locale.ROOT, "image-%05d.png", i)));
    }
    for (ImageOperation operation : operations) {
      if (operation.name().equals(CONTACT_SHEET)) {
        BufferedImage sheet = operation.apply(images, Map.of()).get(0);
        ImageFiles.writePng(sheet, out.resolve(CONTACT_SHEET + ".png"));
      }
    }
  }
}

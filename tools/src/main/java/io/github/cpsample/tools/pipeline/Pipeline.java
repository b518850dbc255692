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
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

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

  /**
   * The host as plugins see it: all of it but the implementation of CPSample, which is on the class
   * path of this tool and would otherwise be found before the plugin's own. A host application does
   * not have it there and passes its own class loader instead.
   */
  private static final class HostClasses extends ClassLoader {

    private static final String PROJECT = "io.github.cpsample.";
    private static final String API = PROJECT + "plugin.";

    private final ClassLoader host;

    HostClasses(ClassLoader host) {
      super("host", ClassLoader.getPlatformClassLoader());
      this.host = host;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (isHidden(name)) {
        throw new ClassNotFoundException(name);
      }
      return host.loadClass(name);
    }

    @Override
    protected URL findResource(String name) {
      return isHiddenResource(name) ? super.findResource(name) : host.getResource(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
      return isHiddenResource(name) ? Collections.emptyEnumeration() : host.getResources(name);
    }

    private static boolean isHiddenResource(String name) {
      return name.startsWith("META-INF/services/" + PROJECT)
          || name.startsWith("META-INF/cpsample/")
          || isHidden(name.replace('/', '.'));
    }

    private static boolean isHidden(String name) {
      return name.startsWith(PROJECT) && !name.startsWith(API);
    }
  }

  /** Writes images so that a file that bears its name is whole. */
  private static final class ImageFiles {

    private ImageFiles() {}

    static void writePng(BufferedImage image, Path file) throws IOException {
      Path temporary = file.resolveSibling(file.getFileName() + ".part");
      try {
        if (!ImageIO.write(image, "png", temporary.toFile())) {
          throw new IOException(file + ": this Java runtime cannot write PNG files");
        }
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
  }
}

package io.github.cpsample.tools.pipeline;

import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.PluginLoader;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import java.io.File;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * An application that uses plugins the plain way, with its own class loader as their parent. Runs
 * in a JVM of its own, with the plugin API and other versions of libraries on the class path.
 */
public final class PlainHost {

  private PlainHost() {}

  /** Generates one image with the model at a path and writes it. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("java.awt.headless", "true");
    try (PluginLoader plugins =
        PluginLoader.ofDirectory(Path.of(arguments[0]), PlainHost.class.getClassLoader())) {
      ProtectedImageProvider provider = plugins.provider("cpsample");
      try (ProtectedImageGenerator generator = provider.open(Path.of(arguments[1]), "cpu")) {
        var result =
            generator.generate(GenerationRequest.of(1).withSeed(3), GenerationListener.none());
        ImageIO.write(result.images().get(0).toBufferedImage(), "png", new File(arguments[2]));
      }
    }
  }
}

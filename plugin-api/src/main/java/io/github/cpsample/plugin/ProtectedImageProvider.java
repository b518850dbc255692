package io.github.cpsample.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * A source of generators, found by {@link java.util.ServiceLoader} ({@link PluginLoader} does it
 * for a host). Implementations have a public constructor without parameters that does no work, and
 * are thread-safe.
 */
public interface ProtectedImageProvider {
  /**
   * The provider's name: short, lower case, stable between versions, unique among plugins.
   *
   * @return for instance {@code cpsample}
   */
  String name();

  /**
   * One sentence for people.
   *
   * @return the description
   */
  String description();

  /**
   * The models that the plugin brings along, that is, those {@link #open(String, String)} knows.
   *
   * @return the models by name in alphabetical order, possibly none
   * @throws ProtectedImageException with {@code MODEL_REFUSED} if a model that is packaged with the
   *     plugin cannot be read
   */
  List<ModelDescription> models();

  /**
   * Opens a model that the plugin brings along.
   *
   * @param model a name from {@link #models()}
   * @param device {@code cpu}, {@code cuda}, {@code cuda:N} with a device number, or {@code auto}:
   *     CUDA where it works, else the CPU, saying so in {@link GenerationSummary#deviceNote()}.
   *     Later providers may know more devices
   * @return a generator that the caller closes
   * @throws ProtectedImageException with {@code NOT_FOUND}, {@code MODEL_REFUSED}, {@code
   *     DEVICE_UNAVAILABLE} or {@code INVALID_REQUEST} (not a device)
   */
  ProtectedImageGenerator open(String model, String device);

  /**
   * Opens a model from a folder or a zip file.
   *
   * @param model the folder or file
   * @param device as in {@link #open(String, String)}
   * @return a generator that the caller closes
   * @throws ProtectedImageException as {@link #open(String, String)}
   */
  ProtectedImageGenerator open(Path model, String device);
}

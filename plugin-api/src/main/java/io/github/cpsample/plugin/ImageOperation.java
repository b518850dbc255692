package io.github.cpsample.plugin;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * A transformation of images, found by {@link java.util.ServiceLoader} beside the generators: a
 * host lists the operations, asks for the settings as text and applies one. Implementations have a
 * public constructor without parameters, keep no state and are thread-safe.
 */
public interface ImageOperation {
  /**
   * The operation's name: short, lower case, stable between versions, unique among plugins.
   *
   * @return for instance {@code contact-sheet}
   */
  String name();

  /**
   * One sentence for people.
   *
   * @return the description
   */
  String description();

  /**
   * The settings that {@link #apply} understands.
   *
   * @return name of each setting and its default, as text
   */
  Map<String, String> defaults();

  /**
   * Applies the operation.
   *
   * @param images the images, at least one; not modified
   * @param settings values for some of {@link #defaults()}; the others keep their default
   * @return new images; their number and size are the operation's to say
   * @throws ProtectedImageException with {@code INVALID_REQUEST} if there is no image, a setting is
   *     unknown or its value cannot be used
   */
  List<BufferedImage> apply(List<BufferedImage> images, Map<String, String> settings);
}

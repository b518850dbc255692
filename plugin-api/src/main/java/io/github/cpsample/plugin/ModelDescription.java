package io.github.cpsample.plugin;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a host may show about a model before and after opening it.
 *
 * @param name the name to open it by
 * @param channels channels of its images: 1 grey, 3 red, green, blue
 * @param height height in pixels
 * @param width width in pixels
 * @param classes number of class labels the model can be conditioned on; 0 if it is unconditional
 */
public record ModelDescription(String name, int channels, int height, int width, int classes) {
  private static final Pattern CLASS = Pattern.compile("\\s*class:(\\d{1,9})\\s*");

  public ModelDescription {
    Objects.requireNonNull(name, "name");
    if (channels < 1 || height < 1 || width < 1 || classes < 0) {
      throw new IllegalArgumentException(
          "model "
              + name
              + ": expected positive sizes and classes >= 0, found "
              + channels
              + " x "
              + height
              + " x "
              + width
              + ", classes "
              + classes);
    }
  }

  /**
   * The class that a prompt stands for, of hosts that describe images by text alone.
   *
   * @param prompt {@code class:N} for a class; all else means nothing to a model without text
   * @param seed picks the class where the prompt names none
   * @return the class; empty for an unconditional model
   * @throws ProtectedImageException with {@link ProtectedImageException.Reason#INVALID_REQUEST} if
   *     the prompt names a class that the model does not have
   */
  public OptionalInt classOf(String prompt, long seed) {
    Matcher named = CLASS.matcher(prompt);
    if (!named.matches()) {
      return classes > 0
          ? OptionalInt.of((int) Math.floorMod(seed, (long) classes))
          : OptionalInt.empty();
    }
    int label = Integer.parseInt(named.group(1));
    if (label >= classes) {
      throw new ProtectedImageException(
          ProtectedImageException.Reason.INVALID_REQUEST,
          "prompt: expected "
              + (classes > 0 ? "class:0 to class:" + (classes - 1) : "no class")
              + " for model "
              + name
              + ", found '"
              + prompt
              + "'");
    }
    return OptionalInt.of(label);
  }
}

package io.github.cpsample.plugin;

import java.util.List;
import java.util.Objects;

/**
 * The images of a request.
 *
 * @param images the images in the order of their seeds; the list is immutable
 * @param summary what they cost
 */
public record GenerationResult(List<GeneratedImage> images, GenerationSummary summary) {
  public GenerationResult {
    images = List.copyOf(images);
    Objects.requireNonNull(summary, "summary");
  }
}

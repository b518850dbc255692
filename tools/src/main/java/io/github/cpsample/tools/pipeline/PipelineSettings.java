package io.github.cpsample.tools.pipeline;

import io.github.cpsample.plugin.GenerationRequest;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What the host shall do.
 *
 * @param plugins folder with the plugin jars
 * @param model a name that a plugin knows, or the path of a model; empty for the only model there
 *     is
 * @param device as the plugin names devices, for instance {@code cpu} or {@code auto}
 * @param request what to generate
 * @param out folder for the images, made where missing
 */
public record PipelineSettings(
    Path plugins, Optional<String> model, String device, GenerationRequest request, Path out) {

  public PipelineSettings {
    Objects.requireNonNull(plugins, "plugins");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(out, "out");
  }
}

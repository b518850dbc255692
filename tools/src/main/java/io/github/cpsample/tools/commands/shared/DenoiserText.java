package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusers.DetectedDenoiser;
import io.github.cpsample.diffusers.PipelineFolder;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.image.ImageShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Describes in lines of text what was detected of a denoiser. */
public final class DenoiserText {

  private DenoiserText() {}

  /** What the files declare of a denoiser that was not run yet. */
  public static List<String> describe(DetectedDenoiser denoiser) {
    List<String> lines = images(denoiser.files().model(), denoiser.shape(), denoiser.parts());
    tensors(lines, denoiser.signature(), denoiser.classes());
    dataFiles(lines, List.copyOf(denoiser.dataFiles().values()));
    add(lines, "predicts", "not said by its files");
    add(lines, "schedule", "not said by its files");
    return lines;
  }

  /** What is known of a denoiser that was run. */
  public static List<String> describe(ThirdPartyDenoiser denoiser) {
    List<String> lines = images(denoiser.files().model(), denoiser.shape(), denoiser.parts());
    lines.addAll(tensors(denoiser.spec()));
    if (denoiser.nullClass().isPresent()) {
      add(lines, "null class", Integer.toString(denoiser.nullClass().getAsInt()));
    }
    SchedulerConfig scheduler = denoiser.scheduler();
    add(lines, "predicts", scheduler.predictionType().jsonName());
    add(
        lines,
        "schedule",
        scheduler.schedule().kind().jsonName()
            + ", "
            + scheduler.schedule().trainTimesteps()
            + " timesteps"
            + (scheduler.zeroTerminalSnr() ? ", rescaled to zero terminal signal" : ""));
    add(lines, "sampler", scheduler.className());
    return lines;
  }

  private static List<String> images(Path model, ImageShape shape, PipelineFolder parts) {
    List<String> lines = new ArrayList<>();
    lines.add("denoiser " + model);
    add(lines, "images", shape.toString());
    parts
        .autoencoder()
        .ifPresent(
            config ->
                add(
                    lines,
                    "latents",
                    "of images "
                        + parts.image(shape)
                        + ", scaling factor "
                        + config.scalingFactor()));
    if (!parts.tokenizer().isEmpty()) {
      add(lines, "text", "tokenizer " + String.join(", ", parts.tokenizer()));
    }
    return lines;
  }

  /** A line for each tensor, and what follows from them. */
  static List<String> tensors(DenoiserSpec spec) {
    List<String> lines = new ArrayList<>();
    tensors(lines, spec.signature(), spec.classes());
    add(
        lines,
        "variance",
        spec.variance().map(DdpmConfig.Variance::jsonName).orElse("not learned"));
    dataFiles(lines, spec.dataFiles());
    return lines;
  }

  private static void dataFiles(List<String> lines, List<String> names) {
    if (!names.isEmpty()) {
      add(lines, "data files", String.join(", ", names));
    }
  }

  private static void tensors(List<String> lines, DenoiserSignature signature, int classes) {
    tensor(lines, "image input", signature.input());
    tensor(lines, "timestep input", signature.timestep());
    signature
        .label()
        .ifPresent(
            label ->
                add(
                    lines,
                    "label input",
                    label.name() + "  " + label.describe() + ", " + classes + " classes"));
    signature.conditions().forEach(port -> tensor(lines, "condition", port));
    tensor(lines, "prediction", signature.output());
    add(
        lines,
        "batch",
        signature.fixedBatch() == 0
            ? "any number of images"
            : "fixed, " + signature.fixedBatch() + "; other numbers run in several parts");
  }

  private static void tensor(List<String> lines, String what, TensorPort port) {
    add(lines, what, port.name() + "  " + port.describe());
  }

  private static void add(List<String> lines, String name, String value) {
    lines.add(String.format(Locale.ROOT, "  %-16s %s", name, value));
  }
}

package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.diffusion.DdpmVariance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Describes in lines of text what was detected of a denoiser. */
final class DenoiserText {

  private DenoiserText() {}

  static List<String> describe(ThirdPartyDenoiser denoiser) {
    List<String> lines = new ArrayList<>();
    lines.add("denoiser " + denoiser.files().model());
    add(lines, "images", denoiser.shape().toString());
    denoiser
        .parts()
        .autoencoder()
        .ifPresent(
            config ->
                add(
                    lines,
                    "latents",
                    "of images "
                        + denoiser.parts().image(denoiser.shape())
                        + ", scaling factor "
                        + config.scalingFactor()));
    if (!denoiser.parts().tokenizer().isEmpty()) {
      add(lines, "text", "tokenizer " + String.join(", ", denoiser.parts().tokenizer()));
    }
    lines.addAll(tensors(denoiser.spec()));
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

  /** A line for each tensor, and what follows from them. */
  static List<String> tensors(DenoiserSpec spec) {
    List<String> lines = new ArrayList<>();
    DenoiserSignature signature = spec.signature();
    tensor(lines, "image input", signature.input());
    tensor(lines, "timestep input", signature.timestep());
    signature
        .label()
        .ifPresent(
            label ->
                add(
                    lines,
                    "label input",
                    label.name() + "  " + label.describe() + ", " + spec.classes() + " classes"));
    signature.conditions().forEach(port -> tensor(lines, "condition", port));
    tensor(lines, "prediction", signature.output());
    add(
        lines,
        "batch",
        signature.fixedBatch() == 0
            ? "any number of images"
            : "fixed, " + signature.fixedBatch() + "; other numbers run in several parts");
    add(lines, "variance", spec.variance().map(DdpmVariance::jsonName).orElse("not learned"));
    if (!spec.dataFiles().isEmpty()) {
      add(lines, "data files", String.join(", ", spec.dataFiles()));
    }
    return lines;
  }

  private static void tensor(List<String> lines, String what, TensorPort port) {
    add(lines, what, port.name() + "  " + port.describe());
  }

  private static void add(List<String> lines, String name, String value) {
    lines.add(String.format(Locale.ROOT, "  %-16s %s", name, value));
  }
}

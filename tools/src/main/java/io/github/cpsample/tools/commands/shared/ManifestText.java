package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Describes a bundle's manifest in lines of text. */
public final class ManifestText {

  private ManifestText() {}

  public static List<String> describe(Manifest manifest) {
    List<String> lines = new ArrayList<>();
    lines.add("model " + manifest.name());
    add(lines, "images", "%s, values from -1 to 1", image(manifest.image()));
    PipelineSpec pipeline = manifest.pipeline();
    pipeline
        .latent()
        .ifPresent(
            latent ->
                add(
                    lines,
                    "latents",
                    "%d x %d x %d, scaling factor %s, shift %s",
                    latent.shape().channels(),
                    latent.shape().height(),
                    latent.shape().width(),
                    latent.scalingFactor(),
                    latent.shiftFactor()));
    pipeline.text().ifPresent(text -> add(lines, "text", "read as %s", text.input()));
    add(lines, "schedule", "%s", schedule(manifest.schedule()));
    add(
        lines,
        "denoiser",
        "predicts %s, %s",
        manifest.denoiser().predictionType().jsonName(),
        manifest.denoiser().classes() == 0
            ? "unconditional"
            : manifest.denoiser().classes() + " classes");
    if (pipeline.nullClass().isPresent()) {
      add(lines, "null class", "%d", pipeline.nullClass().getAsInt());
    }
    pipeline
        .fallback()
        .ifPresent(file -> add(lines, "fallback", "%s, goes on with what is guarded", file));
    if (!manifest.denoiser().isUsual()) {
      lines.addAll(DenoiserText.tensors(manifest.denoiser()));
    }
    add(lines, "classifier", "%d bits per image", manifest.classifier().bits());
    add(lines, "sampler", "%s", sampler(manifest.sampler()));
    add(lines, "protection", "%s", manifest.protection().describe());
    manifest
        .protection()
        .thresholds()
        .ifPresent(it -> add(lines, "thresholds", "%s", thresholds(it)));
    manifest
        .calibration()
        .map(EvidenceText::of)
        .ifPresent(text -> text.forEach(line -> add(lines, "calibration", "%s", line)));
    add(lines, "training", "%s", training(manifest.training()));
    add(
        lines,
        "data",
        "%d training images, %d held out, fingerprint %s",
        manifest.data().trainingImages(),
        manifest.data().heldOutImages(),
        manifest.data().fingerprint());
    add(lines, "made with", "%s", pairs(manifest));
    manifest
        .files()
        .forEach(
            (name, file) -> add(lines, name, "%,d bytes, SHA-256 %s", file.bytes(), file.sha256()));
    if (!manifest.memorisation().isEmpty()) {
      lines.add("");
    }
    lines.addAll(memorisation(manifest.memorisation()));
    return lines;
  }

  private static void add(List<String> lines, String name, String format, Object... values) {
    lines.add(
        String.format(Locale.ROOT, "  %-16s ", name) + String.format(Locale.ROOT, format, values));
  }

  private static String image(ImageShape shape) {
    String colours = shape.channels() == 1 ? "grey" : "colour";
    return shape.width() + " x " + shape.height() + " pixels, " + colours;
  }

  private static String schedule(NoiseScheduleConfig schedule) {
    String betas =
        schedule.betaEnd() > 0
            ? String.format(
                Locale.ROOT, ", beta from %s to %s", schedule.betaStart(), schedule.betaEnd())
            : "";
    return schedule.kind().jsonName() + ", " + schedule.trainTimesteps() + " timesteps" + betas;
  }

  private static String sampler(SamplerSpec sampler) {
    if (sampler.scheduler().isPresent()) {
      return sampler.scheduler().get().className() + ", " + sampler.steps() + " steps";
    }
    return String.format(
        Locale.ROOT,
        "%s, %d steps, eta %s, spacing %s%s",
        sampler.kind(),
        sampler.steps(),
        sampler.eta(),
        sampler.timestepSpacing().name().toLowerCase(Locale.ROOT),
        sampler.clipSample() ? ", clips the predicted image" : "");
  }

  private static String thresholds(Thresholds thresholds) {
    return thresholds.levels().stream()
        .map(
            level ->
                String.format(Locale.ROOT, "alpha %.3g at t %.0f", level.alpha(), level.timestep()))
        .collect(Collectors.joining(", "));
  }

  private static String training(Manifest.Training training) {
    return String.format(
        Locale.ROOT,
        "%s, classifier %d steps (seed %d), memorisation target %s",
        training.denoiserSteps() == 0
            ? "denoiser made elsewhere, its training is not recorded"
            : String.format(
                Locale.ROOT,
                "denoiser %d steps (seed %d)",
                training.denoiserSteps(),
                training.denoiserSeed()),
        training.classifierSteps(),
        training.classifierSeed(),
        training.memorisationTarget());
  }

  private static String pairs(Manifest manifest) {
    return manifest.tools().entrySet().stream()
        .filter(tool -> !tool.getValue().equals("unknown"))
        .map(tool -> tool.getKey() + " " + tool.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The memorisation curve as a table; no lines for no curve. */
  public static List<String> memorisation(List<Manifest.MemorisationPoint> curve) {
    List<String> lines = new ArrayList<>();
    if (!curve.isEmpty()) {
      lines.add(
          "  memorisation     training images       held-out images       telling them apart");
      lines.add(
          "             t     accuracy certainty    accuracy certainty    AUC    TPR at 1% FPR");
    }
    for (Manifest.MemorisationPoint p : curve) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %12d     %8.3f %9.3f    %s",
              p.t(),
              p.trainAccuracy(),
              p.trainCertainty(),
              p.others().map(ManifestText::heldOut).orElse("     not measured")));
    }
    return lines;
  }

  private static String heldOut(Manifest.MemorisationPoint.HeldOut others) {
    return String.format(
        Locale.ROOT,
        "%8.3f %9.3f    %.3f  %.3f",
        others.accuracy(),
        others.certainty(),
        others.auc(),
        others.tprAt1PercentFpr());
  }
}

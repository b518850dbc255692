package io.github.cpsample.composition;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a composed model says about itself, as metadata of its file. */
record Description(Map<String, String> entries) {

  private static final String PREFIX = "cpsample.";
  private static final String WARNING =
      "This file holds a classifier that tells training images from others (a membership oracle)."
          + " Keep it where the training data is kept.";

  static Description of(Manifest manifest, Plan plan) {
    ProtectionSettings protection = manifest.protection();
    NoiseScheduleConfig schedule = manifest.schedule();
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("model", manifest.name());
    entries.put("sampler", plan.trajectory().kind());
    entries.put("steps", Integer.toString(plan.trajectory().steps().size()));
    entries.put("timesteps", timesteps(plan.trajectory()));
    entries.put("repeatedTimesteps", timesteps(plan.repeated()));
    entries.put("schedule", schedule.kind().jsonName() + " " + schedule.trainTimesteps());
    entries.put("predictionType", manifest.denoiser().predictionType().jsonName());
    entries.put("alpha", Double.toString(protection.alpha()));
    entries.put("scale", Double.toString(protection.scale()));
    entries.put("gate", protection.gate().label());
    entries.put("force", protection.force().label());
    entries.put("asks", protection.asks().label());
    entries.put("correction", protection.correction().describe());
    protection
        .thresholds()
        .ifPresent(
            it ->
                entries.put(
                    "thresholds",
                    it.levels().stream()
                        .map(level -> level.timestep() + ":" + level.alpha())
                        .collect(Collectors.joining(" "))));
    entries.put(
        "mostDenoiserCalls", Integer.toString(new WayBack(plan, protection.correction()).trips()));
    entries.put("guardedTimesteps", protection.firstTimestep() + " " + protection.lastTimestep());
    entries.put("askEvery", Integer.toString(protection.askEvery()));
    entries.put("warning", WARNING);
    return new Description(entries);
  }

  private static String timesteps(Sampler sampler) {
    return sampler.steps().stream()
        .map(step -> Double.toString(step.timestep()))
        .collect(Collectors.joining(" "));
  }

  OnnxModel addTo(OnnxModel model) {
    OnnxModel described = model;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      described = described.withMetadata(PREFIX + entry.getKey(), entry.getValue());
    }
    return described;
  }
}

package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Protected sampling as one writes it down first: the classifier forward and backward for every
 * sample at every step; only then the gate decides whether the guidance is applied. The networks
 * and the gradient are the library's.
 */
final class StraightforwardSampler implements TrajectorySides.TrajectorySide {

  private final TrajectoryPlan plan;
  private final Sampler sampler;
  private final ProtectionSettings protection;
  private final int bits;
  private final List<SamplerState> images = new ArrayList<>();
  private final int size;
  private final TensorBuffer x;
  private final TensorBuffer t;
  private final TensorBuffer prediction;
  private final TensorBuffer logitsBuffer;
  private final TensorBuffer cotangents;
  private final TensorBuffer guidance;
  private final float[] logits;
  private final float[] cotangent;
  private final InferenceSession denoiser;
  private final InferenceSession classifier;
  private final InferenceSession gradient;

  StraightforwardSampler(ShippedModel model, TrajectoryPlan plan) {
    this.plan = plan;
    this.sampler = plan.sampler();
    this.protection = TrajectoryPlan.PUSH;
    this.bits = plan.manifest().classifier().bits();
    ImageShape image = plan.manifest().image();
    int rows = plan.rows();
    this.size = image.size();
    for (int row = 0; row < rows; row++) {
      images.add(new SamplerState(size));
    }
    this.x = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    this.t = TensorBuffer.floats(rows);
    this.prediction = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    this.logitsBuffer = TensorBuffer.floats(rows, bits);
    this.cotangents = TensorBuffer.floats(rows, bits);
    this.guidance = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    this.logits = new float[rows * bits];
    this.cotangent = new float[rows * bits];
    this.denoiser = TwoCores.open("denoiser", model.denoiser());
    this.classifier = TwoCores.open("classifier", model.classifier());
    this.gradient = TwoCores.open("gradient of the classifier", model.gradient());
  }

  @Override
  public float[] sample() {
    float[] all = new float[plan.rows() * size];
    plan.fillNoise(all);
    for (int row = 0; row < plan.rows(); row++) {
      System.arraycopy(all, row * size, images.get(row).x(), 0, size);
    }
    for (SamplerStep step : sampler.steps()) {
      for (int row = 0; row < plan.rows(); row++) {
        x.asFloats().put(row * size, images.get(row).x());
        t.asFloats().put(row, (float) step.timestep());
      }
      predict();
      differentiate();
      boolean covered = protection.coversTimestep(step.timestep());
      for (int row = 0; row < plan.rows(); row++) {
        step.advance(
            images.get(row),
            covered && protection.gate().guards(logits, row * bits, bits, protection.alpha()));
      }
    }
    for (int row = 0; row < plan.rows(); row++) {
      System.arraycopy(images.get(row).x(), 0, all, row * size, size);
    }
    return all;
  }

  private void predict() {
    DenoiserSpec spec = plan.manifest().denoiser();
    denoiser.run(Map.of(spec.input(), x, spec.timestep(), t), Map.of(spec.output(), prediction));
    for (int row = 0; row < plan.rows(); row++) {
      prediction.asFloats().get(row * size, images.get(row).prediction());
    }
  }

  private void differentiate() {
    Manifest.Classifier spec = plan.manifest().classifier();
    classifier.run(
        Map.of(spec.input(), x, spec.timestep(), t), Map.of(spec.output(), logitsBuffer));
    logitsBuffer.asFloats().get(logits);
    for (int row = 0; row < plan.rows(); row++) {
      protection.cotangent(logits, cotangent, row * bits, bits);
    }
    cotangents.asFloats().put(cotangent);
    String seed = ReverseDifferentiator.seedOf(spec.output());
    gradient.run(
        Map.of(spec.input(), x, spec.timestep(), t, seed, cotangents),
        Map.of(ReverseDifferentiator.gradientOf(spec.input()), guidance));
    for (int row = 0; row < plan.rows(); row++) {
      guidance.asFloats().get(row * size, images.get(row).guidance());
    }
  }

  @Override
  public void close() {
    gradient.close();
    classifier.close();
    denoiser.close();
  }
}

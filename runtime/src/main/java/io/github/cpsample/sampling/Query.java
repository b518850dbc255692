package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import java.util.Optional;

/** An image at a noise level, and what the networks say about it. Belongs to one thread. */
final class Query {
  private final SamplerState image;
  private final Conditions.Guided conditions;
  private final Optional<ProtectionSettings> protection;
  private NoiseLevel level = NoiseLevel.of(0, 1);
  private boolean asks;
  private boolean finished;
  private boolean handedOver;
  private boolean asked;
  private boolean guarded;
  private double certainty;
  private float[] predictedImage = {};
  private float[] logits = {};

  /**
   * @param image x_t; receives the prediction, and the guidance where it is guarded
   * @param protection how it is guarded, if it is
   */
  Query(SamplerState image, Conditions.Guided conditions, Optional<ProtectionSettings> protection) {
    this.image = image;
    this.conditions = conditions;
    this.protection = protection;
  }

  SamplerState image() {
    return image;
  }

  Conditions.Guided conditions() {
    return conditions;
  }

  Optional<ProtectionSettings> protection() {
    return protection;
  }

  NoiseLevel level() {
    return level;
  }

  /**
   * Moves to the noise level of a step, at which nothing is known yet.
   *
   * @param next the timestep of the step after it, negative if there is none
   */
  void at(NoiseLevel newLevel, double next) {
    moveTo(newLevel, protection.isPresent() && protection.get().asksIn(newLevel.timestep(), next));
  }

  private void moveTo(NoiseLevel newLevel, boolean mustAsk) {
    level = newLevel;
    asks = mustAsk;
    finished = false;
    asked = false;
    guarded = false;
  }

  /** From now on the model's fallback denoiser predicts, where the correction says so. */
  void handOver() {
    handedOver = protection.isPresent() && protection.get().correction().kind().handsOver();
  }

  /** Whether the model's fallback denoiser predicts. */
  boolean isHandedOver() {
    return handedOver;
  }

  /** Asks about the image x as it is, which is finished. */
  void atTheEnd() {
    moveTo(NoiseLevel.of(0, 1), protection.isPresent() && protection.get().coversTimestep(0));
    finished = true;
    if (asksAboutPrediction()) {
      System.arraycopy(image.x(), 0, predictedImage(), 0, image.size());
    }
  }

  /** Whether the classifier has to be asked. */
  boolean asks() {
    return asks;
  }

  /** Whether the classifier is asked about the image that the denoiser predicts. */
  boolean asksAboutPrediction() {
    return asks() && protection.get().asks() == Subject.X_0;
  }

  /** The gate's threshold at this level. */
  double alpha() {
    ProtectionSettings settings = protection.orElseThrow();
    return finished ? settings.finishedAlpha() : settings.alphaAt(level.timestep());
  }

  /** What the classifier is asked about, [C,H,W]: the live array. */
  float[] subject() {
    return asksAboutPrediction() ? predictedImage : image.x();
  }

  /** The room for the image that the denoiser predicts, [C,H,W]. */
  float[] predictedImage() {
    if (predictedImage.length == 0) {
      predictedImage = new float[image.size()];
    }
    return predictedImage;
  }

  void answer(boolean guards, double certain) {
    asked = true;
    guarded = guards;
    certainty = certain;
  }

  boolean asked() {
    return asked;
  }

  boolean guarded() {
    return guarded;
  }

  /** How the image is moved in this step. */
  Move move() {
    return guarded ? protection.orElseThrow().correction().kind().move() : Move.NONE;
  }

  double certainty() {
    return certainty;
  }

  /** The K logits of the last answer; empty where they stayed in a graph. */
  float[] logits() {
    return logits;
  }

  /** Room for K logits. */
  float[] logits(int bits) {
    if (logits.length != bits) {
      logits = new float[bits];
    }
    return logits;
  }
}

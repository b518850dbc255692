package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.denoiser.ClassifierFreeGuidance;
import io.github.cpsample.denoiser.OnnxDenoiser;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Correction.Move;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps made of separate runs: the denoiser for all rows; the classifier for those whose timestep
 * is guarded, and its gradient for those that the gate guards; the sampler's step for every row.
 * Rows may be at different timesteps, of different samplers, under different conditions and
 * protection. Owns its buffers; belongs to one thread.
 */
final class SeparateSteps implements StepPlan.Runner {
  private final ClassifierFreeGuidance denoiser;
  private final RowClassifier classifier;
  private final PredictionType prediction;
  private final boolean bounded;

  /**
   * @param rows the most images at once
   * @param predictions how many predictions an image needs, at most
   */
  SeparateSteps(Networks networks, Manifest manifest, ImageShape shape, int rows, int predictions) {
    this.denoiser =
        new ClassifierFreeGuidance(
            new OnnxDenoiser(
                networks.denoiser(),
                manifest.denoiser().signature(),
                shape,
                Math.multiplyExact(rows, predictions)));
    this.classifier = new RowClassifier(networks, manifest.classifier(), shape, rows);
    this.prediction = manifest.denoiser().predictionType();
    this.bounded = manifest.pipeline().latent().isEmpty();
  }

  @Override
  public void advance(List<Row> rows) {
    List<Query> queries = new ArrayList<>(rows.size());
    for (Row row : rows) {
      queries.add(row.query());
    }
    predict(queries);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      row.step().advance(row.state(), row.query().move() != Move.NONE);
      NonFiniteException.check("image", row.state().x(), i);
    }
  }

  /**
   * Predicts, asks and differentiates.
   *
   * @param queries at least one, each at its noise level
   * @throws NonFiniteException if a number is not finite
   */
  void predict(List<Query> queries) {
    List<ClassifierFreeGuidance.Row> predicted = new ArrayList<>(queries.size());
    List<Query> asked = new ArrayList<>(queries.size());
    for (Query query : queries) {
      predicted.add(
          new ClassifierFreeGuidance.Row(
              query.image(), query.level().timestep(), query.conditions()));
      if (query.asks()) {
        asked.add(query);
      }
    }
    denoiser.predict(predicted);
    for (int i = 0; i < queries.size(); i++) {
      NonFiniteException.check("denoiser's prediction", queries.get(i).image().prediction(), i);
    }
    for (Query query : asked) {
      if (query.asksAboutPrediction()) {
        predictImage(query);
      }
    }
    if (!asked.isEmpty()) {
      classifier.ask(asked, queries);
      asked.removeIf(query -> !query.guarded());
    }
    if (!asked.isEmpty()) {
      classifier.guide(asked);
    }
  }

  /** The image that the denoiser sees, clipped to [-1, 1] where it is one of pixels. */
  private void predictImage(Query query) {
    float[] target = query.predictedImage();
    prediction.toSample(query.image().x(), query.image().prediction(), query.level(), target);
    if (bounded) {
      for (int i = 0; i < target.length; i++) {
        target[i] = Math.max(-1, Math.min(1, target[i]));
      }
    }
  }
}

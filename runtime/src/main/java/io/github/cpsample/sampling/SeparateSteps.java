package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.ClassifierFreeGuidance;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.OnnxDenoiser;
import io.github.cpsample.protection.Correction.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Steps made of separate runs: the denoiser for all rows, or for those that were handed over the
 * model's fallback denoiser; the classifier for those whose timestep is guarded, and its gradient
 * for those that the gate guards; the sampler's step for every row. Rows may be at different
 * timesteps, of different samplers, under different conditions and protection. Owns its buffers;
 * belongs to one thread.
 */
final class SeparateSteps implements StepPlan.Runner {
  private final Function<InferenceSession, ClassifierFreeGuidance> opener;
  private final Networks.Sessions networks;
  private final ClassifierFreeGuidance denoiser;
  private final RowClassifier classifier;
  private final PredictionType prediction;
  private final boolean bounded;

  /** Opened for the first row that is handed over; null until then. */
  private @Nullable ClassifierFreeGuidance fallback;

  /**
   * @param rows the most images at once
   * @param predictions how many predictions an image needs, at most
   */
  SeparateSteps(
      Networks.Sessions networks, Manifest manifest, ImageShape shape, int rows, int predictions) {
    int most = Math.multiplyExact(rows, predictions);
    this.networks = networks;
    this.opener =
        session ->
            new ClassifierFreeGuidance(
                new OnnxDenoiser(session, manifest.denoiser().signature(), shape, most));
    this.denoiser = opener.apply(networks.denoiser());
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
   * Asks the classifier about finished images.
   *
   * @param finished at least one, each {@link Query#atTheEnd}
   * @throws NonFiniteException if a logit is not finite
   */
  void check(List<Query> finished) {
    classifier.askAboutFinished(finished);
  }

  /**
   * Predicts, asks and differentiates.
   *
   * @param queries at least one, each at its noise level
   * @throws NonFiniteException if a number is not finite
   */
  void predict(List<Query> queries) {
    List<ClassifierFreeGuidance.Row> predicted = new ArrayList<>(queries.size());
    List<ClassifierFreeGuidance.Row> handedOver = new ArrayList<>();
    List<Query> asked = new ArrayList<>(queries.size());
    for (Query query : queries) {
      (query.isHandedOver() ? handedOver : predicted).add(predicted(query));
      if (query.asks()) {
        asked.add(query);
      }
    }
    if (!predicted.isEmpty()) {
      denoiser.predict(predicted);
    }
    if (!handedOver.isEmpty()) {
      fallback().predict(handedOver);
    }
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

  /**
   * Lets the fallback denoiser predict what the denoiser predicted.
   *
   * @param queries at least one, each at its noise level
   * @throws NonFiniteException if a number is not finite
   */
  void predictByFallback(List<Query> queries) {
    fallback().predict(queries.stream().map(SeparateSteps::predicted).toList());
    for (int i = 0; i < queries.size(); i++) {
      NonFiniteException.check(
          "fallback denoiser's prediction", queries.get(i).image().prediction(), i);
    }
  }

  private ClassifierFreeGuidance fallback() {
    if (fallback == null) {
      fallback = opener.apply(networks.fallback());
    }
    return fallback;
  }

  private static ClassifierFreeGuidance.Row predicted(Query query) {
    return new ClassifierFreeGuidance.Row(
        query.image(), query.level().timestep(), query.conditions());
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

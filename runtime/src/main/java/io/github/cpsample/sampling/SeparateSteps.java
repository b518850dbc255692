package io.github.cpsample.sampling;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.conditioning.ClassifierFreeGuidance;
import io.github.cpsample.conditioning.GuidedConditions;
import io.github.cpsample.denoiser.OnnxDenoiser;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps made of separate runs: the denoiser for all rows; the classifier for those whose timestep
 * is guarded, and its gradient for those that the gate guards; the sampler's step for every row.
 * Rows may be at different timesteps, of different samplers, under different conditions and
 * protection. Owns its buffers; belongs to one thread.
 */
final class SeparateSteps implements StepRunner {
  private final Networks networks;
  private final ClassifierSpec spec;
  private final ClassifierFreeGuidance denoiser;
  private final int size;
  private final int bits;
  private final TensorBuffer x;
  private final TensorBuffer t;
  private final TensorBuffer logits;
  private final TensorBuffer cotangents;
  private final TensorBuffer gradients;

  /** An image at a timestep, and what the networks say about it. */
  static final class Query {
    private final SamplerState image;
    private final GuidedConditions conditions;
    private final Optional<ProtectionSettings> protection;
    private double timestep;
    private boolean asked;
    private boolean guarded;
    private double certainty;
    private float[] logits = {};

    /**
     * @param image x_t; receives the prediction, and the guidance where it is guarded
     * @param protection how it is guarded, if it is
     */
    Query(
        SamplerState image, GuidedConditions conditions, Optional<ProtectionSettings> protection) {
      this.image = image;
      this.conditions = conditions;
      this.protection = protection;
    }

    SamplerState image() {
      return image;
    }

    Optional<ProtectionSettings> protection() {
      return protection;
    }

    double timestep() {
      return timestep;
    }

    /** Moves to a timestep, about which nothing is known yet. */
    void at(double newTimestep) {
      timestep = newTimestep;
      asked = false;
      guarded = false;
    }

    /** Whether the classifier has to be asked. */
    boolean asks() {
      return protection.isPresent() && protection.get().coversTimestep(timestep);
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

    double certainty() {
      return certainty;
    }

    /** The K logits of the last answer; empty where they stayed in a graph. */
    float[] logits() {
      return logits;
    }
  }

  /**
   * @param rows the most images at once
   * @param predictions how many predictions an image needs, at most
   */
  SeparateSteps(Networks networks, Manifest manifest, ImageShape shape, int rows, int predictions) {
    this.networks = networks;
    this.spec = manifest.classifier();
    this.denoiser =
        new ClassifierFreeGuidance(
            new OnnxDenoiser(
                networks.denoiser(),
                manifest.denoiser(),
                shape,
                Math.multiplyExact(rows, predictions)));
    this.size = shape.size();
    this.bits = spec.bits();
    this.x = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.t = TensorBuffer.floats(rows);
    this.logits = TensorBuffer.floats(rows, bits);
    this.cotangents = TensorBuffer.floats(rows, bits);
    this.gradients = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
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
      row.step().advance(row.state(), row.query().guarded());
      NonFiniteException.check("image", row.state().x(), i);
    }
  }

  /**
   * Predicts, asks and differentiates.
   *
   * @param queries at least one, each at its timestep
   * @throws NonFiniteException if a number is not finite
   */
  void predict(List<Query> queries) {
    List<ClassifierFreeGuidance.Row> predicted = new ArrayList<>(queries.size());
    List<Query> asked = new ArrayList<>(queries.size());
    for (Query query : queries) {
      predicted.add(new ClassifierFreeGuidance.Row(query.image, query.timestep, query.conditions));
      if (query.asks()) {
        asked.add(query);
      }
    }
    denoiser.predict(predicted);
    for (int i = 0; i < queries.size(); i++) {
      NonFiniteException.check("denoiser's prediction", queries.get(i).image.prediction(), i);
    }
    if (!asked.isEmpty()) {
      ask(asked, queries);
      asked.removeIf(query -> !query.guarded);
    }
    if (!asked.isEmpty()) {
      differentiate(asked);
    }
  }

  private void ask(List<Query> asked, List<Query> all) {
    int count = asked.size();
    gather(asked);
    networks
        .classifier()
        .run(
            Map.of(spec.input(), x.rows(count), spec.timestep(), t.rows(count)),
            Map.of(spec.output(), logits.rows(count)));
    for (int i = 0; i < count; i++) {
      Query query = asked.get(i);
      if (query.logits.length == 0) {
        query.logits = new float[bits];
      }
      logits.asFloats().get(i * bits, query.logits);
      NonFiniteException.check("classifier's logits", query.logits, all.indexOf(query));
      ProtectionSettings protection = query.protection.orElseThrow();
      double log = Certainty.log(query.logits, 0, bits);
      query.answer(Gate.guards(log, protection.alpha()), Math.exp(log));
    }
  }

  /** The guidance {@code g = s grad log p} of each, by one vector-Jacobian product. */
  private void differentiate(List<Query> guarded) {
    int count = guarded.size();
    gather(guarded);
    float[] cotangent = new float[bits];
    for (int i = 0; i < count; i++) {
      guarded.get(i).protection.orElseThrow().cotangent(guarded.get(i).logits, cotangent, 0, bits);
      cotangents.asFloats().put(i * bits, cotangent);
    }
    networks
        .gradient()
        .run(
            Map.of(
                spec.input(),
                x.rows(count),
                spec.timestep(),
                t.rows(count),
                ReverseDifferentiator.seedOf(spec.output()),
                cotangents.rows(count)),
            Map.of(ReverseDifferentiator.gradientOf(spec.input()), gradients.rows(count)));
    for (int i = 0; i < count; i++) {
      gradients.asFloats().get(i * size, guarded.get(i).image.guidance());
    }
  }

  private void gather(List<Query> queries) {
    for (int i = 0; i < queries.size(); i++) {
      x.asFloats().put(i * size, queries.get(i).image.x());
      t.asFloats().put(i, (float) queries.get(i).timestep);
    }
  }
}

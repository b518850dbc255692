package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.RandomMode;
import java.util.stream.IntStream;

/**
 * The protected DDIM trajectory of {@link TinyModel}, written out in double from the formulas
 * alone: leading spacing, linear schedule, clipped x0, gate on the mean log certainty, force
 * towards the opposite label.
 */
final class ReferenceSampler {
  private final TinyModel model;
  private final int steps;
  private final double eta;
  private final double alpha;
  private final double scale;
  private final int first;
  private final int last;

  private double[] start;
  private double strength = 1;
  private double[] known;
  private boolean[] filled;
  private int[] visits;
  private double[] image;
  private int guardedSteps;
  private double closestToGate = Double.POSITIVE_INFINITY;

  ReferenceSampler(
      TinyModel model, int steps, double eta, double alpha, double scale, int first, int last) {
    this.model = model;
    this.steps = steps;
    this.eta = eta;
    this.alpha = alpha;
    this.scale = scale;
    this.first = first;
    this.last = last;
  }

  /** Starts from an image instead of from noise. */
  ReferenceSampler from(double[] image, double share) {
    this.start = image;
    this.strength = share;
    return this;
  }

  /** Keeps the pixels that are not filled, and takes the steps of the given indices, in order. */
  ReferenceSampler inpainting(double[] image, boolean[] fills, int... steps) {
    this.known = image;
    this.filled = fills;
    this.visits = steps;
    return this;
  }

  double[] image() {
    return image;
  }

  int guardedSteps() {
    return guardedSteps;
  }

  /**
   * Smallest distance of a certainty to the gate's threshold: where it is tiny, rounding may
   * decide.
   */
  double closestToGate() {
    return closestToGate;
  }

  ReferenceSampler run(long seed, int label) {
    RandomMode.ImageNoise noise = RandomMode.JAVA.open(seed);
    image = normal(noise.initial()::fill);
    int begin = steps - (int) Math.round(strength * steps);
    if (start != null) {
      double abar = alphasCumprod((steps - 1 - begin) * (1000 / steps));
      for (int i = 0; i < image.length; i++) {
        image[i] = Math.sqrt(abar) * start[i] + Math.sqrt(1 - abar) * image[i];
      }
    }
    int[] taken = visits == null ? IntStream.range(begin, steps).toArray() : visits;
    for (int visit = 0; visit < taken.length; visit++) {
      int t = timestep(taken[visit]);
      if (visit > 0 && taken[visit] <= taken[visit - 1]) {
        double kept = alphasCumprod(t) / alphasCumprod(timestep(taken[visit - 1] + 1));
        double[] fresh = normal(noise.steps()::fill);
        for (int i = 0; i < image.length; i++) {
          image[i] = Math.sqrt(kept) * image[i] + Math.sqrt(1 - kept) * fresh[i];
        }
      }
      if (known != null) {
        keep(alphasCumprod(t), normal(noise.steps()::fill));
      }
      step(t, label, noise);
    }
    if (known != null) {
      keep(1, new double[image.length]);
    }
    return this;
  }

  private int timestep(int step) {
    return (steps - 1 - step) * (1000 / steps);
  }

  private void keep(double abar, double[] fresh) {
    for (int i = 0; i < image.length; i++) {
      if (!filled[i]) {
        image[i] = Math.sqrt(abar) * known[i] + Math.sqrt(1 - abar) * fresh[i];
      }
    }
  }

  private void step(int t, int label, RandomMode.ImageNoise noise) {
    int previous = t - 1000 / steps;
    double abar = alphasCumprod(t);
    double abarPrevious = previous >= 0 ? alphasCumprod(previous) : 1;
    double sigma =
        eta * Math.sqrt((1 - abarPrevious) / (1 - abar)) * Math.sqrt(1 - abar / abarPrevious);
    double[] guidance = t >= first && t <= last ? guidance(t) : new double[image.length];
    double[] fresh = sigma > 0 ? normal(noise.steps()::fill) : new double[image.length];
    for (int i = 0; i < image.length; i++) {
      double x = image[i];
      double raw = (x - Math.sqrt(1 - abar) * TinyModel.prediction(x, t, label)) / Math.sqrt(abar);
      double x0 = Math.max(-1, Math.min(1, raw));
      double epsilon =
          (x - Math.sqrt(abar) * x0) / Math.sqrt(1 - abar) - Math.sqrt(1 - abar) * guidance[i];
      double shifted = (x - Math.sqrt(1 - abar) * epsilon) / Math.sqrt(abar);
      image[i] =
          Math.sqrt(abarPrevious) * shifted
              + Math.sqrt(Math.max(0, 1 - abarPrevious - sigma * sigma)) * epsilon
              + sigma * fresh[i];
    }
  }

  private double[] guidance(int t) {
    double[] logits = model.logits(image, t);
    double certainty = 0;
    double[] cotangent = new double[logits.length];
    for (int k = 0; k < logits.length; k++) {
      double p = 1 / (1 + Math.exp(-logits[k]));
      certainty += Math.log(Math.max(p, 1 - p)) / logits.length;
      // d/dz log(1-p) = -p where y* = 1; d/dz log p = 1-p where y* = 0.
      cotangent[k] = (logits[k] >= 0 ? -p : 1 - p) / logits.length;
    }
    closestToGate = Math.min(closestToGate, Math.abs(certainty - Math.log(1 - alpha)));
    if (certainty <= Math.log(1 - alpha)) {
      return new double[image.length];
    }
    guardedSteps++;
    double[] gradient = model.gradient(image, t, cotangent);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= scale;
    }
    return gradient;
  }

  private static double alphasCumprod(int t) {
    double product = 1;
    for (int i = 0; i <= t; i++) {
      product *= 1 - (1e-4 + (0.02 - 1e-4) * i / 999);
    }
    return product;
  }

  private interface Fill {
    void fill(float[] target, int offset, int length);
  }

  private static double[] normal(Fill stream) {
    float[] values = new float[TinyModel.SHAPE.size()];
    stream.fill(values, 0, values.length);
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}

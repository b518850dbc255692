package io.github.cpsample.trainer.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.Manifest.MemorisationPoint.HeldOut;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.evaluation.statistics.RocCurve;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.Views;
import io.github.cpsample.trainer.data.MemorizationCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Measures what a classifier has memorised: noises images to a level, asks for their bits, and
 * looks at how many are right and how certain it is. The noise depends on seed, level and image
 * only. A classifier of x_0 is shown what the denoiser sees in the noised images.
 */
final class MemorizationProbe {

  private static final int BATCH = 256;
  private static final int FEWEST = 256;
  private static final int MOST_DENOISED = 500;
  private static final long SEED = 20260101;

  private final ImageShape shape;
  private final NoiseSchedule schedule;
  private final MemorizationCode code;
  private final Optional<DenoisedStates> denoiser;

  /** A probe of noised images, or of what a denoiser sees in them; the denoiser is not owned. */
  MemorizationProbe(
      ImageShape shape,
      NoiseSchedule schedule,
      MemorizationCode code,
      Optional<DenoisedStates> denoiser) {
    this.shape = shape;
    this.schedule = schedule;
    this.code = code;
    this.denoiser = denoiser;
  }

  /** Accuracy over all bits, and certainty per noised image. */
  @SuppressWarnings("ArrayRecordComponent") // intermediate result, never compared
  record Scores(double accuracy, double[] certainty) {
    double meanCertainty() {
      return Arrays.stream(certainty).average().orElseThrow();
    }
  }

  /**
   * Probes one noise level.
   *
   * @param network the classifier
   * @param images clean images, one per row
   * @param draws how often every image is noised
   * @param t the timestep
   */
  Scores probe(TrainedNetwork network, float[][] images, int draws, int t) {
    int total = images.length * draws;
    double[] certainty = new double[total];
    long right = 0;
    for (int from = 0; from < total; from += BATCH) {
      int count = Math.min(BATCH, total - from);
      float[] logits = logits(network, seen(images, from, count, t), count, t);
      for (int n = 0; n < count; n++) {
        byte[] bits = code.of(images[(from + n) % images.length]);
        certainty[from + n] = Certainty.of(logits, n * bits.length, bits.length);
        for (int k = 0; k < bits.length; k++) {
          right += (logits[n * bits.length + k] >= 0 ? 1 : 0) == bits[k] ? 1 : 0;
        }
      }
    }
    return new Scores((double) right / ((long) total * code.bits()), certainty);
  }

  /**
   * How certain the classifier is of finished images, by the rule of {@link Views}.
   *
   * @param network the classifier
   * @param images clean images, one per row
   * @param views in which they are looked at
   * @return one certainty per image
   */
  double[] finished(TrainedNetwork network, float[][] images, Views views) {
    double[] certainty = new double[images.length];
    for (int from = 0; from < images.length; from += BATCH) {
      int count = Math.min(BATCH, images.length - from);
      float[] seen = seen(images, from, count, 0);
      float[] own = logits(network, seen, count, 0);
      float[] mean = own.clone();
      for (int view = 1; view < views.count(); view++) {
        float[] logits = logits(network, moved(seen, count, view), count, 0);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += logits[i];
        }
      }
      for (int i = 0; i < mean.length; i++) {
        mean[i] /= views.count();
      }
      int bits = code.bits();
      for (int n = 0; n < count; n++) {
        double asItIs = Certainty.of(own, n * bits, bits);
        certainty[from + n] =
            views.looksAgain(asItIs) ? Certainty.of(mean, n * bits, bits) : asItIs;
      }
    }
    return certainty;
  }

  private float[] moved(float[] images, int count, int view) {
    float[] moved = new float[images.length];
    for (int n = 0; n < count; n++) {
      int at = n * shape.size();
      shape.move(images, at, Views.down(view), Views.right(view), moved, at);
    }
    return moved;
  }

  /** What the classifier is shown of noised images. */
  private float[] seen(float[][] images, int from, int count, int t) {
    float[] noised = noised(images, from, count, t);
    return denoiser.isPresent() ? denoiser.get().denoise(noised, count, t) : noised;
  }

  private static float[] logits(TrainedNetwork network, float[] images, int count, int t) {
    float[] timesteps = new float[count];
    Arrays.fill(timesteps, t);
    return network.evaluate(images, timesteps, new int[0]);
  }

  private float[] noised(float[][] images, int from, int count, int t) {
    int size = images[0].length;
    float signal = (float) Math.sqrt(schedule.alphasCumprod(t));
    float noise = (float) Math.sqrt(1 - schedule.alphasCumprod(t));
    float[] x = new float[count * size];
    for (int n = 0; n < count; n++) {
      long seed = (SEED + t) * 1_000_003 + from + n;
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      float[] image = images[(from + n) % images.length];
      for (int i = 0; i < size; i++) {
        x[n * size + i] = signal * image[i] + noise * (float) random.nextGaussian();
      }
    }
    return x;
  }

  boolean reaches(MemorizationTarget target, TrainedNetwork network, float[][] images, int draws) {
    for (int t : target.timesteps()) {
      Scores scores = probe(network, images, draws, t);
      if (!(scores.accuracy() >= target.accuracy()
          && scores.meanCertainty() >= target.certainty())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Probes training images at one noise level, each so often that some hundreds of probes come
   * together.
   */
  Scores members(TrainedNetwork network, float[][] training, int t) {
    float[][] known = first(training);
    return probe(network, known, Math.max(1, FEWEST / known.length), t);
  }

  /** The curve over noise levels, on training images and on held-out ones, if there are any. */
  List<Manifest.MemorisationPoint> curve(
      TrainedNetwork network, float[][] training, float[][] heldOut, List<Integer> levels) {
    float[][] known = first(training);
    float[][] strangers = first(heldOut);
    int draws = Math.max(1, Math.max(FEWEST, strangers.length) / known.length);
    List<Manifest.MemorisationPoint> points = new ArrayList<>();
    for (int t : levels) {
      Scores members = probe(network, known, draws, t);
      HeldOut others =
          strangers.length == 0 ? null : compared(members, probe(network, strangers, 1, t));
      points.add(
          new Manifest.MemorisationPoint(t, members.accuracy(), members.meanCertainty(), others));
    }
    return points;
  }

  /** Fewer images where the denoiser has to run for each. */
  private float[][] first(float[][] images) {
    int most = denoiser.isPresent() ? MOST_DENOISED : images.length;
    return Arrays.copyOf(images, Math.min(most, images.length));
  }

  private static HeldOut compared(Scores members, Scores others) {
    RocCurve roc = RocCurve.higherIsMember(members.certainty(), others.certainty());
    return new HeldOut(
        others.accuracy(), others.meanCertainty(), roc.auc(), roc.truePositiveRateAt(0.01));
  }
}

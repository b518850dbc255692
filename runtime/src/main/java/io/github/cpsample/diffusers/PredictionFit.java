package io.github.cpsample.diffusers;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.Denoiser;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.OnnxDenoiser;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Noises images and compares what a denoiser predicts for them with what a perfect one of each
 * prediction type would. An image gets the same noise at the same level whatever the schedule, so
 * that schedules can be compared. Belongs to one thread; does not own the network.
 */
public final class PredictionFit {
  private static final double LEVEL_TOLERANCE = 1.25;

  private final Denoiser denoiser;
  private final ImageShape shape;
  private final List<Subject> subjects;

  /**
   * An image to be noised.
   *
   * @param image values in about [-1, 1], or a scaled latent
   * @param conditions what the denoiser is conditioned on for it
   */
  public record Subject(FloatImage image, Conditions conditions) {
    public Subject {
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(conditions, "conditions");
    }
  }

  /**
   * Prepares the comparison.
   *
   * @param session the network; not closed
   * @param spec its tensors
   * @param shape of the images
   * @param subjects the images, at least one, all of that shape
   * @throws IllegalArgumentException if there is no image, or one of another shape
   */
  public PredictionFit(
      InferenceSession session, DenoiserSpec spec, ImageShape shape, List<Subject> subjects) {
    Checks.argument(!subjects.isEmpty(), "subjects", "at least one image", "none");
    for (Subject subject : subjects) {
      if (!subject.image().shape().equals(shape)) {
        throw new IllegalArgumentException(
            "subjects: expected images " + shape + ", found " + subject.image().shape());
      }
    }
    this.denoiser = new OnnxDenoiser(session, spec.signature(), shape, subjects.size());
    this.shape = shape;
    this.subjects = List.copyOf(subjects);
  }

  /**
   * How well the predictions at one noise level agree with the targets of each type: Lin's
   * concordance correlation over all values of all images (Lin 1989, "A concordance correlation
   * coefficient to evaluate reproducibility"), which is 1 for equal values and less where they are
   * correlated but of another size.
   *
   * @param schedule says which timestep has which noise
   * @param signal the wanted fraction of signal variance; the timestep that comes closest is taken
   * @param timestepUnit what the denoiser is given for timestep 1: 1 as a rule
   * @return a number in [-1, 1] for each type
   * @throws io.github.cpsample.inference.InferenceException if the network fails
   */
  public Map<PredictionType, Double> at(
      NoiseSchedule schedule, double signal, double timestepUnit) {
    int timestep = nearest(schedule, signal);
    NoiseLevel level = NoiseLevel.of(timestep, schedule.alphasCumprod(timestep));
    List<Denoiser.Row> rows = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      SamplerState state = noised(i, signal, level);
      rows.add(new Denoiser.Row(state, timestep * timestepUnit, subjects.get(i).conditions()));
    }
    denoiser.predict(rows);
    Map<PredictionType, Double> agreement = new EnumMap<>(PredictionType.class);
    for (PredictionType type : PredictionType.values()) {
      agreement.put(type, concordance(type, rows, level));
    }
    return agreement;
  }

  /**
   * Whether a schedule has a timestep of about a wanted noise level.
   *
   * @param schedule the schedule
   * @param signal the wanted fraction of signal variance, in (0, 1)
   * @return false if its nearest level has a quarter more or less signal or noise variance
   */
  public static boolean reaches(NoiseSchedule schedule, double signal) {
    double found = schedule.alphasCumprod(nearest(schedule, signal));
    return isNear(found, signal) && isNear(1 - found, 1 - signal);
  }

  private static boolean isNear(double found, double wanted) {
    return found <= LEVEL_TOLERANCE * wanted && wanted <= LEVEL_TOLERANCE * found;
  }

  private static int nearest(NoiseSchedule schedule, double signal) {
    int nearest = 0;
    for (int t = 1; t < schedule.trainTimesteps(); t++) {
      if (Math.abs(schedule.alphasCumprod(t) - signal)
          < Math.abs(schedule.alphasCumprod(nearest) - signal)) {
        nearest = t;
      }
    }
    return nearest;
  }

  private SamplerState noised(int index, double signal, NoiseLevel level) {
    SamplerState state = new SamplerState(shape.size());
    Random random = new Random(31L * Double.hashCode(signal) + index);
    float[] noise = state.noise();
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    System.arraycopy(subjects.get(index).image().values(), 0, state.x(), 0, noise.length);
    state.addNoise(level.alphasCumprod());
    return state;
  }

  private double concordance(PredictionType type, List<Denoiser.Row> rows, NoiseLevel level) {
    Concordance concordance = new Concordance();
    for (int i = 0; i < rows.size(); i++) {
      float[] image = subjects.get(i).image().values();
      SamplerState state = rows.get(i).image();
      for (int k = 0; k < image.length; k++) {
        concordance.add(state.prediction()[k], type.ofParts(image[k], state.noise()[k], level));
      }
    }
    return concordance.value();
  }

  /**
   * Lin's concordance correlation of pairs: {@code 2 cov / (var x + var y + (mean x - mean y)^2)}.
   * Mutable; belongs to one thread.
   */
  static final class Concordance {
    private long count;
    private double meanX;
    private double meanY;
    private double squaresX;
    private double squaresY;
    private double products;

    /** Adds a pair to the running means and central moments (Welford 1962). */
    void add(double x, double y) {
      count++;
      double dx = x - meanX;
      double dy = y - meanY;
      meanX += dx / count;
      meanY += dy / count;
      squaresX += dx * (x - meanX);
      squaresY += dy * (y - meanY);
      products += dx * (y - meanY);
    }

    /** In [-1, 1]; 0 where nothing varies, NaN where a value is. */
    double value() {
      double shift = meanX - meanY;
      double all = squaresX + squaresY + count * shift * shift;
      return all == 0 ? 0 : 2 * products / all;
    }
  }
}

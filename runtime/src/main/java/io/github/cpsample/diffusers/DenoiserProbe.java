package io.github.cpsample.diffusers;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.Denoiser;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.OnnxDenoiser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Runs a denoiser a few times to see whether it is what its signature says, and to find out what
 * graphs do not declare: whether it learned a variance, takes several images at once, and one
 * timestep for each of them. Stateless and thread-safe.
 */
final class DenoiserProbe {
  private static final int ROWS = 2;
  private static final double SAME = 0.02;
  private static final Sampler.Memory WITH_VARIANCE = new Sampler.Memory(0, false, true);

  private DenoiserProbe() {}

  /** What conditions a probe is run with. */
  @FunctionalInterface
  public interface ConditionSource {
    /**
     * Makes conditions.
     *
     * @param signature of the denoiser
     * @return values for its inputs besides images and timestep
     */
    Conditions of(DenoiserSignature signature);
  }

  /**
   * Probes a denoiser at its first and last timestep.
   *
   * @param session the network; not closed
   * @param declared what its graph declares
   * @param shape of an image
   * @param lastTimestep the timestep of the most noise
   * @param conditions what to condition on
   * @return the signature, with what was found out
   * @throws IllegalArgumentException if the denoiser fails, or its predictions are not finite, do
   *     not depend on image or timestep, or mix the images of a batch
   */
  public static DenoiserSignature run(
      InferenceSession session,
      DenoiserSignature declared,
      ImageShape shape,
      int lastTimestep,
      ConditionSource conditions) {
    List<RuntimeException> failures = new ArrayList<>();
    for (DenoiserSignature candidate : candidates(session, declared, shape)) {
      Probe probe = new Probe(session, candidate, shape, conditions);
      float[] late;
      try {
        late = probe.predict(ROWS, lastTimestep);
      } catch (InferenceException | IllegalArgumentException e) {
        failures.add(e);
        continue;
      }
      if (probe.rowsAreSeparate(late, lastTimestep)) {
        probe.requireSense(late, lastTimestep);
        return candidate;
      }
      failures.add(
          new IllegalArgumentException(
              session.name()
                  + ": expected predictions that do not depend on the other images of a batch,"
                  + " found others for "
                  + ROWS
                  + " images than for one"));
    }
    requireLastTimestep(session, declared, shape, lastTimestep, conditions);
    IllegalArgumentException refused =
        new IllegalArgumentException(
            session.name()
                + ": expected predictions "
                + declared.output().describe()
                + " for images "
                + shape
                + ", found that it cannot be run so: "
                + failures.get(0).getMessage(),
            failures.get(0));
    failures.subList(1, failures.size()).forEach(refused::addSuppressed);
    throw refused;
  }

  /** Refuses a denoiser that runs, but not at all timesteps of its schedule. */
  private static void requireLastTimestep(
      InferenceSession session,
      DenoiserSignature declared,
      ImageShape shape,
      int lastTimestep,
      ConditionSource conditions) {
    for (DenoiserSignature candidate : candidates(session, declared, shape)) {
      Probe probe = new Probe(session, candidate, shape, conditions);
      if (!probe.runsAt(lastTimestep) && probe.runsAt(0)) {
        int largest = probe.largestTimestep(lastTimestep);
        throw new IllegalArgumentException(
            session.name()
                + ", --train-timesteps: expected a denoiser that takes the timesteps 0 to "
                + lastTimestep
                + " of its schedule, found that it fails beyond timestep "
                + largest
                + "; say --train-timesteps "
                + (largest + 1)
                + " if it was trained with so many (num_train_timesteps in a"
                + " scheduler_config.json)");
      }
    }
  }

  /** What a graph of this declaration may be, the likeliest first. */
  private static List<DenoiserSignature> candidates(
      InferenceSession session, DenoiserSignature s, ImageShape shape) {
    List<TensorPort> outputs =
        s.output().isFixed(1)
            ? List.of(s.output())
            : List.of(
                withSize(s.output(), 1, shape.channels()),
                withSize(s.output(), 1, 2L * shape.channels()));
    List<TensorPort> timesteps = new ArrayList<>(List.of(s.timestep()));
    if (s.timestep().rank() > 0 && !s.timestep().isFixed(0)) {
      TensorPort single = withSize(s.timestep(), 0, 1);
      timesteps.add(rowsHaveOneName(session, s) ? 1 : 0, single);
    }
    List<DenoiserSignature> candidates = new ArrayList<>();
    for (TensorPort output : outputs) {
      for (TensorPort timestep : timesteps) {
        candidates.add(with(s, withSize(s.input(), 1, shape.channels()), timestep, output));
      }
      if (s.fixedBatch() == 0) {
        TensorPort single = withSize(withSize(s.input(), 0, 1), 1, shape.channels());
        candidates.add(with(s, single, s.timestep(), withSize(output, 0, 1)));
      }
    }
    return candidates;
  }

  /** Whether the number of timesteps is called like the number of images, or not at all. */
  private static boolean rowsHaveOneName(InferenceSession session, DenoiserSignature s) {
    String images = rows(session, s.input());
    String timesteps = rows(session, s.timestep());
    return timesteps.isEmpty() || images.isEmpty() || images.equals(timesteps);
  }

  private static String rows(InferenceSession session, TensorPort port) {
    return session.inputs().stream()
        .filter(spec -> spec.name().equals(port.name()))
        .findFirst()
        .orElseThrow()
        .symbols()
        .get(0);
  }

  private static DenoiserSignature with(
      DenoiserSignature s, TensorPort input, TensorPort timestep, TensorPort output) {
    return new DenoiserSignature(
        input, timestep, output, s.label(), s.conditions(), s.roundsTimesteps());
  }

  private static TensorPort withSize(TensorPort port, int axis, long size) {
    List<Long> sizes = new ArrayList<>(port.sizes());
    sizes.set(axis, size);
    return new TensorPort(port.name(), port.type(), sizes);
  }

  /** Runs of one candidate. */
  private static final class Probe {
    private final InferenceSession session;
    private final DenoiserSignature signature;
    private final ImageShape shape;
    private final ConditionSource conditions;
    private final float[] images;

    Probe(
        InferenceSession session,
        DenoiserSignature signature,
        ImageShape shape,
        ConditionSource conditions) {
      this.session = session;
      this.signature = signature;
      this.shape = shape;
      this.conditions = conditions;
      this.images = new float[ROWS * shape.size()];
      Random random = new Random(1);
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
    }

    /** The predictions for the first rows, one behind the other. */
    float[] predict(int rows, double timestep) {
      Conditions given = conditions.of(signature);
      List<Denoiser.Row> asked = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        SamplerState image = new SamplerState(shape.size(), WITH_VARIANCE);
        System.arraycopy(images, row * shape.size(), image.x(), 0, shape.size());
        asked.add(new Denoiser.Row(image, timestep, given));
      }
      new OnnxDenoiser(session, signature, shape, rows).predict(asked);
      float[] predictions = new float[rows * shape.size()];
      for (int row = 0; row < rows; row++) {
        SamplerState image = asked.get(row).image();
        requireFinite("prediction", image.prediction(), timestep);
        requireFinite("learned variance", image.variance(), timestep);
        System.arraycopy(image.prediction(), 0, predictions, row * shape.size(), shape.size());
      }
      return predictions;
    }

    boolean runsAt(int timestep) {
      try {
        predict(ROWS, timestep);
        return true;
      } catch (InferenceException | IllegalArgumentException e) {
        return false;
      }
    }

    /** The last timestep that works, between 0, which does, and one that does not. */
    int largestTimestep(int failing) {
      int works = 0;
      int fails = failing;
      while (fails - works > 1) {
        int middle = works + (fails - works) / 2;
        if (runsAt(middle)) {
          works = middle;
        } else {
          fails = middle;
        }
      }
      return works;
    }

    boolean rowsAreSeparate(float[] together, double timestep) {
      float[] alone = predict(1, timestep);
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < alone.length; i++) {
        largest = Math.max(largest, Math.abs(alone[i]));
        difference = Math.max(difference, Math.abs(alone[i] - together[i]));
      }
      return difference <= SAME * largest;
    }

    void requireSense(float[] late, int lastTimestep) {
      float[] early = predict(ROWS, 0);
      if (Arrays.equals(early, late)) {
        throw senseless("timestep input " + signature.timestep().name(), lastTimestep);
      }
      int size = shape.size();
      if (Arrays.equals(late, 0, size, late, size, 2 * size)) {
        throw senseless("image input " + signature.input().name(), lastTimestep);
      }
    }

    private IllegalArgumentException senseless(String what, int lastTimestep) {
      return new IllegalArgumentException(
          session.name()
              + ": expected predictions that depend on the "
              + what
              + ", found the same ones whatever it is (timesteps 0 and "
              + lastTimestep
              + "); this is not a denoiser, or its inputs are mistaken for each other");
    }

    private void requireFinite(String what, float[] values, double timestep) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              session.name()
                  + ": expected a finite "
                  + what
                  + " at timestep "
                  + timestep
                  + ", found "
                  + value);
        }
      }
    }
  }
}

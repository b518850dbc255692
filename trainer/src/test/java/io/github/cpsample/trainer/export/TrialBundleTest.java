package io.github.cpsample.trainer.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.DenoisedStates;
import io.github.cpsample.trainer.training.DenoiserData;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import io.github.cpsample.trainer.training.Trained;
import io.github.cpsample.trainer.training.TrainedNetwork;
import io.github.cpsample.trainer.training.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrialBundleTest {

  private static final UNetConfig NETWORK =
      new UNetConfig(1, 16, 16, 4, List.of(16), 1, List.of(), 16, 8, 0);
  private static final ClassifierConfig CLASSIFIER =
      new ClassifierConfig(1, 16, 16, 4, List.of(16), 1, 16, 4);
  private static final NoiseScheduleConfig SCHEDULE = NoiseScheduleConfig.linear(1000, 1e-4, 0.02);
  private static final int SIZE = 256;

  private static float[] weights() {
    float[] weights = Weights.of(new UNet(NETWORK)).initialize(1);
    Random random = new Random(2);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += 0.05f * (float) random.nextGaussian();
    }
    return weights;
  }

  private static Trained<DenoiserRun> denoiser(PredictionType prediction, float[] weights) {
    DenoiserSettings settings =
        new DenoiserSettings(
            NETWORK,
            SCHEDULE,
            prediction,
            new OptimizerConfig(1e-3f, 0, Decay.CONSTANT, 0, 1, 0),
            1,
            false,
            1);
    return new Trained<>(
        new DenoiserRun(settings, DenoiserData.DenoiserOrigin.NONE, 1, 1, 0, 0, "steps"), weights);
  }

  /** DJL's prediction and the formulas of the three parametrisations, against the whole way. */
  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void deliversTheImageThatTheDenoiserSees(PredictionType prediction) throws IOException {
    float[] weights = weights();
    float[] x = new float[3 * SIZE];
    Random random = new Random(3);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (TrialBundle trial =
            TrialBundle.of(
                denoiser(prediction, weights), CLASSIFIER, ResolvedDevice.of(Device.cpu()));
        TrainedNetwork djl = new TrainedNetwork(new UNet(NETWORK), weights)) {
      DenoisedStates states = trial.states();
      assertEquals(SCHEDULE, states.schedule());
      for (int t : new int[] {0, 200, 600}) {
        float[] output = djl.evaluate(x, new float[] {t, t, t}, new int[0]);
        double abar = SCHEDULE.create().alphasCumprod(t);
        double signal = Math.sqrt(abar);
        double noise = Math.sqrt(1 - abar);
        float[] expected = new float[x.length];
        for (int i = 0; i < x.length; i++) {
          double image =
              switch (prediction) {
                case EPSILON -> (x[i] - noise * output[i]) / signal;
                case V_PREDICTION -> signal * x[i] - noise * output[i];
                case SAMPLE -> output[i];
              };
          expected[i] = (float) Math.max(-1, Math.min(1, image));
        }
        assertArrayEquals(expected, states.denoise(x, 3, t), 2e-3f, prediction + " at " + t);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PredictionType.class,
      names = {"EPSILON"})
  void showsTrajectoriesFromNoiseToImage(PredictionType prediction) throws IOException {
    List<Integer> finished = new ArrayList<>();
    int[] steps = new int[40];
    double[] last = new double[40];
    Arrays.fill(last, 1000);
    try (TrialBundle trial =
        TrialBundle.of(
            denoiser(prediction, weights()), CLASSIFIER, ResolvedDevice.of(Device.cpu()))) {
      DenoisedStates states = trial.states();
      states.sample(
          40,
          9,
          new DenoisedStates.Visitor() {
            @Override
            public void state(int image, double timestep, float[] noised, float[] denoised) {
              assertTrue(timestep < last[image], "timesteps fall");
              last[image] = timestep;
              steps[image]++;
              if (steps[image] % 10 == 0) {
                assertArrayEquals(states.denoise(noised, 1, timestep), denoised, 1e-3f);
              }
            }

            @Override
            public void finished(int image, float[] values) {
              assertEquals(SIZE, values.length);
              finished.add(image);
            }
          });
    }
    assertEquals(40, finished.size());
    assertEquals(39, finished.get(39));
    assertTrue(Arrays.stream(steps).allMatch(count -> count == 25), Arrays.toString(steps));
  }
}

package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusers.SettingsTrial.Outcome;
import io.github.cpsample.diffusers.SettingsTrial.Tried;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings of denoisers whose right ones are known are found. */
class SettingsTrialTest {
  private static final ResolvedDevice CPU = ResolvedDevice.of(Device.cpu());

  @TempDir private Path folder;

  private ThirdPartyDenoiser open(KnownDenoiser known, String kind, int timesteps, String type)
      throws IOException {
    DenoiserOptions.Schedule schedule =
        new DenoiserOptions.Schedule(
            Optional.empty(),
            Optional.of(kind),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.of(timesteps),
            Optional.of(type));
    return ThirdPartyDenoiser.open(known.write(folder), DenoiserOptions.with(schedule), CPU);
  }

  private static PredictionFit.Subject subject(FloatImage image) {
    return new PredictionFit.Subject(image, Conditions.none());
  }

  private static Outcome tried(ThirdPartyDenoiser denoiser) {
    PredictionFit.Subject known = subject(KnownDenoiser.image());
    return SettingsTrial.run(denoiser, List.of(known, known, known, known), CPU);
  }

  @ParameterizedTest
  @CsvSource({
    "EPSILON, epsilon, 1000, 1000,",
    "V_PREDICTION, v_prediction, 1000, 1000,",
    "SAMPLE, sample, 1000, 1000,",
    "EPSILON, v_prediction, 1000, 1000, --prediction-type epsilon",
    "EPSILON, sample, 1000, 1000, --prediction-type epsilon",
    "V_PREDICTION, epsilon, 1000, 1000, --prediction-type v_prediction",
    "V_PREDICTION, sample, 1000, 1000, --prediction-type v_prediction",
    "SAMPLE, epsilon, 1000, 1000, --prediction-type sample",
    "SAMPLE, v_prediction, 1000, 1000, --prediction-type sample",
    "EPSILON, epsilon, 1000, 500, --train-timesteps 1000",
    "EPSILON, epsilon, 4000, 1000, --train-timesteps 4000",
    "V_PREDICTION, v_prediction, 1000, 250, --train-timesteps 1000",
    "EPSILON, v_prediction, 1000, 500, --prediction-type epsilon --train-timesteps 1000",
  })
  void theRightSettingIsNamed(
      PredictionType real, String said, int realCount, int saidCount, String likely)
      throws IOException {
    Outcome outcome = tried(open(KnownDenoiser.of(realCount, real), "linear", saidCount, said));
    assertEquals(Optional.ofNullable(likely), outcome.likely(), outcome.toString());
    assertEquals(likely == null, outcome.fits());
    assertEquals(4, outcome.images());
    assertEquals("--prediction-type " + said, outcome.stated().words());
    assertEquals(3, outcome.types().size());
    assertEquals("the stated schedule", outcome.schedules().get(0).words());
    if (likely == null) {
      assertTrue(outcome.stated().correlation() > 0.99, outcome.toString());
      assertTrue(
          outcome.types().stream()
              .filter(type -> !type.equals(outcome.stated()))
              .mapToDouble(Tried::correlation)
              .allMatch(other -> other < 0.9),
          outcome.toString());
    }
  }

  @Test
  void anotherKindOfScheduleIsNamed() throws IOException {
    KnownDenoiser cosine =
        new KnownDenoiser(NoiseSchedule.squaredCosine(1000), PredictionType.EPSILON, false);
    assertEquals(
        Optional.of("--schedule squaredcos_cap_v2"),
        tried(open(cosine, "linear", 1000, "epsilon")).likely());
    KnownDenoiser latent =
        new KnownDenoiser(
            NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), PredictionType.EPSILON, false);
    assertEquals(
        Optional.of("--schedule scaled_linear --beta-start 0.00085 --beta-end 0.012"),
        tried(open(latent, "scaled_linear", 1000, "epsilon")).likely());
  }

  @Test
  void timestepsOfAnotherUnitAreFound() throws IOException {
    KnownDenoiser unit =
        new KnownDenoiser(NoiseSchedule.linear(1000, 1e-4, 0.02), PredictionType.EPSILON, true);
    Outcome outcome = tried(open(unit, "linear", 1000, "epsilon"));
    assertEquals(Optional.of(SettingsTrial.UNIT_TIMESTEPS), outcome.likely());
  }

  /** Images of which it knows nothing: it answers with its own, and no setting makes that right. */
  @Test
  void imagesOfAnotherKindFitNoSetting() throws IOException {
    ThirdPartyDenoiser denoiser =
        open(KnownDenoiser.of(1000, PredictionType.SAMPLE), "linear", 1000, "sample");
    Random random = new Random(5);
    float[] values = new float[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    Outcome outcome =
        SettingsTrial.run(
            denoiser, List.of(subject(FloatImage.copyOf(KnownDenoiser.SHAPE, values, 0))), CPU);
    assertEquals(Optional.empty(), outcome.likely(), outcome.toString());
    assertFalse(outcome.fits());
  }

  @Test
  void itNeedsImagesOfTheDenoisersShape() throws IOException {
    ThirdPartyDenoiser denoiser =
        open(KnownDenoiser.of(1000, PredictionType.EPSILON), "linear", 1000, "epsilon");
    assertThrows(IllegalArgumentException.class, () -> SettingsTrial.run(denoiser, List.of(), CPU));
    FloatImage small = FloatImage.copyOf(new ImageShape(1, 4, 4), new float[16], 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> SettingsTrial.run(denoiser, List.of(subject(small)), CPU));
  }

  @Test
  void schedulesThatTheNetworkCannotRunAreRefusedWithTheirOption() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    open(KnownDenoiser.of(1000, PredictionType.EPSILON), "linear", 4000, "epsilon"))
            .getMessage();
    assertTrue(message.contains("takes the timesteps 0 to 3999"), message);
    assertTrue(message.contains("fails beyond timestep 999; say --train-timesteps 1000"), message);
    assertFalse(message.contains("Gather"), message);
  }

  @Test
  void shortSchedulesAreTriedWhereTheyHaveNoise() throws IOException {
    Outcome outcome =
        tried(open(KnownDenoiser.of(20, PredictionType.EPSILON), "linear", 20, "epsilon"));
    assertTrue(outcome.fits(), outcome.toString());
    assertTrue(outcome.stated().correlation() > 0.99, outcome.toString());
  }
}

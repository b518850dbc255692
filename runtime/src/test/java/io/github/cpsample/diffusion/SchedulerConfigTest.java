package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerConfigTest {
  private static SchedulerConfig parse(String className, String fields) {
    String json = "{\"_class_name\": \"" + className + "\"" + fields.replace('\'', '"') + "}";
    return SchedulerConfig.parse(json, "scheduler_config.json");
  }

  /** The defaults of each class in diffusers. */
  @Test
  void absentFieldsHaveTheDefaultsOfTheClass() {
    SolverSteps levels = SolverSteps.of(20);
    Map<String, SamplerConfig> expected =
        Map.ofEntries(
            Map.entry("DDIMScheduler", DdimConfig.of(20, 0)),
            Map.entry("DDPMScheduler", DdpmConfig.of(20)),
            Map.entry(
                "PNDMScheduler",
                new PndmConfig(
                    20, TimestepSpacing.LEADING, 0, false, false, PndmConfig.History.NOISE)),
            Map.entry("DPMSolverMultistepScheduler", DpmMultistepConfig.of(20, 2)),
            Map.entry("DEISMultistepScheduler", DeisConfig.of(20, 2)),
            Map.entry("UniPCMultistepScheduler", UniPcConfig.of(20, 2)),
            Map.entry("EulerDiscreteScheduler", EulerConfig.of(20)),
            Map.entry("EulerAncestralDiscreteScheduler", EulerAncestralConfig.of(20)),
            Map.entry("HeunDiscreteScheduler", new HeunConfig(levels, SampleClipping.none())),
            Map.entry("LMSDiscreteScheduler", LmsConfig.of(20)));
    expected.forEach(
        (name, settings) -> {
          SchedulerConfig config = parse(name, "");
          assertEquals(settings, config.sampler(20), name);
          assertEquals(settings.kind(), config.samplerKind());
          assertEquals(PredictionType.EPSILON, config.predictionType());
          assertEquals(
              name.startsWith("Heun")
                  ? NoiseScheduleConfig.linear(1000, 0.00085, 0.012)
                  : NoiseScheduleConfig.linear(1000, 0.0001, 0.02),
              config.schedule());
          assertFalse(config.zeroTerminalSnr());
        });
    DpmSinglestepConfig single =
        (DpmSinglestepConfig) parse("DPMSolverSinglestepScheduler", "").sampler(20);
    assertFalse(single.lowerOrderFinal());
  }

  /** As shipped with a well-known model: settings of other classes are left over in it. */
  @Test
  void leftoversOfOtherClassesAreNoContradiction(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(
        file,
        """
        {
          "_class_name": "EulerDiscreteScheduler",
          "_diffusers_version": "0.19.0.dev0",
          "beta_end": 0.012,
          "beta_schedule": "scaled_linear",
          "beta_start": 0.00085,
          "clip_sample": false,
          "interpolation_type": "linear",
          "num_train_timesteps": 1000,
          "prediction_type": "epsilon",
          "sample_max_value": 1.0,
          "set_alpha_to_one": false,
          "skip_prk_steps": true,
          "steps_offset": 1,
          "timestep_spacing": "leading",
          "trained_betas": null,
          "use_karras_sigmas": false
        }
        """);
    SchedulerConfig config = SchedulerConfig.read(file);
    assertEquals(NoiseScheduleConfig.scaledLinear(1000, 0.00085, 0.012), config.schedule());
    assertEquals(
        new EulerConfig(SolverSteps.of(30).withSpacing(TimestepSpacing.LEADING, 1)),
        config.sampler(30));
    assertThrows(BundleException.class, () -> SchedulerConfig.read(folder.resolve("none.json")));
  }

  @Test
  void fieldsAreRead() {
    DdimConfig ddim =
        (DdimConfig)
            parse(
                    "DDIMScheduler",
                    ", 'thresholding': true, 'dynamic_thresholding_ratio': 0.9,"
                        + " 'sample_max_value': 4, 'set_alpha_to_one': false, 'steps_offset': 1,"
                        + " 'timestep_spacing': 'trailing'")
                .sampler(10);
    assertEquals(SampleClipping.dynamic(0.9, 4), ddim.bound());
    assertEquals(DdimConfig.Clipping.SAMPLE, ddim.clipping());
    assertEquals(TimestepSpacing.TRAILING, ddim.spacing());
    assertFalse(ddim.setAlphaToOne());
    DdpmConfig ddpm =
        (DdpmConfig)
            parse("DDPMScheduler", ", 'variance_type': 'fixed_large', 'clip_sample': false")
                .sampler(10);
    assertEquals(DdpmConfig.Variance.FIXED_LARGE, ddpm.variance());
    assertEquals(SampleClipping.none(), ddpm.clipping());
    DpmMultistepConfig dpm =
        (DpmMultistepConfig)
            parse(
                    "DPMSolverMultistepScheduler",
                    ", 'solver_order': 3, 'algorithm_type': 'sde-dpmsolver++',"
                        + " 'lambda_min_clipped': -5.1, 'use_karras_sigmas': true,"
                        + " 'final_sigmas_type': 'sigma_min', 'solver_type': 'heun'")
                .sampler(10);
    assertEquals(3, dpm.order());
    assertEquals("sde-dpmsolver++", dpm.algorithm().jsonName());
    assertEquals("heun", dpm.type().jsonName());
    assertEquals(-5.1, dpm.levels().leastLambda());
    assertEquals(SolverSteps.SigmaSpacing.KARRAS, dpm.levels().sigmas());
    assertEquals(SolverSteps.End.SIGMA_MIN, dpm.levels().end());
    UniPcConfig unipc =
        (UniPcConfig)
            parse(
                    "UniPCMultistepScheduler",
                    ", 'disable_corrector': [0, 2], 'solver_type': 'bh1', 'predict_x0': false")
                .sampler(10);
    assertEquals(Set.of(0, 2), unipc.uncorrected());
    assertEquals(UniPcConfig.Variant.BH1, unipc.variant());
    assertFalse(unipc.predictsSample());
    assertEquals(
        NoiseScheduleConfig.squaredCosine(500),
        parse(
                "DPMSolverMultistepScheduler",
                ", 'beta_schedule': 'squaredcos_cap_v2', 'num_train_timesteps': 500,"
                    + " 'lambda_min_clipped': -Infinity")
            .schedule());
  }

  @Test
  void zeroTerminalSignalNeedsAnotherPrediction() {
    SchedulerConfig config =
        parse(
            "DDIMScheduler", ", 'rescale_betas_zero_snr': true, 'prediction_type': 'v_prediction'");
    assertTrue(config.zeroTerminalSnr());
    assertEquals(0, config.createSchedule().alphasCumprod(999));
    assertEquals(
        config.schedule().create().alphasCumprod(0), config.createSchedule().alphasCumprod(0));
    assertThrows(
        BundleException.class, () -> parse("DDIMScheduler", ", 'rescale_betas_zero_snr': true"));
    assertTrue(
        parse("EulerDiscreteScheduler", ", 'rescale_betas_zero_snr': true").zeroTerminalSnr());
  }

  /** A class, a field too many or a wrong value, and what the message says besides the file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "FlowMatchEulerDiscreteScheduler || _class_name",
        "DDIMScheduler | , 'beta_schedul': 'linear' | beta_schedul",
        "DDIMScheduler | , 'beta_schedule': 'sigmoid' | beta_schedule",
        "DDIMScheduler | , 'prediction_type': 'flow_prediction' | prediction_type",
        "DDIMScheduler | , 'timestep_spacing': 'log' | timestep_spacing",
        "DDIMScheduler | , 'clip_sample': 1 | clip_sample",
        "DDIMScheduler | , 'beta_start': 2 | betaStart",
        "DDIMScheduler | , 'use_karras_sigmas': true | use_karras_sigmas",
        "DDIMScheduler | , 'trained_betas': [0.1, 0.2], 'num_train_timesteps': 3 | trained_betas",
        "DDPMScheduler | , 'variance_type': 'fixed_large_log' | variance_type",
        "EulerDiscreteScheduler | , 'clip_sample': true | clip_sample",
        "EulerDiscreteScheduler | , 'thresholding': true | thresholding",
        "EulerDiscreteScheduler | , 'interpolation_type': 'log_linear' | interpolation_type",
        "EulerDiscreteScheduler | , 'sigma_max': 80 | sigma_max",
        "EulerDiscreteScheduler | , 'use_beta_sigmas': true | use_beta_sigmas",
        "LMSDiscreteScheduler | , 'use_karras_sigmas': true, 'use_exponential_sigmas': true |"
            + " use_karras_sigmas",
        "UniPCMultistepScheduler | , 'use_flow_sigmas': true | use_flow_sigmas",
        "UniPCMultistepScheduler | , 'solver_order': 4 | order",
        "UniPCMultistepScheduler | , 'use_lu_lambdas': true | use_lu_lambdas",
        "DPMSolverMultistepScheduler | , 'algorithm_type': 'dpmsolver' | final sigma",
        "DPMSolverMultistepScheduler | , 'solver_type': 'bh2' | solver_type",
        "DPMSolverSinglestepScheduler | , 'timestep_spacing': 'leading' | timestep_spacing",
        "PNDMScheduler | , 'rescale_betas_zero_snr': true | rescale_betas_zero_snr",
        "DEISMultistepScheduler | , 'steps_offset': -1 | stepsOffset",
      })
  void unknownAndContradictorySettingsAreRefused(String name, String fields, String field) {
    String message =
        assertThrows(BundleException.class, () -> parse(name, fields == null ? "" : fields))
            .getMessage();
    assertTrue(message.startsWith("scheduler_config.json: "), message);
    assertTrue(message.contains(field), message);
    assertTrue(message.contains("expected"), message);
    assertTrue(message.contains("found"), message);
  }

  @Test
  void whatIsNoSchedulerIsRefused() {
    for (String text :
        new String[] {"", "[]", "{", "{\"beta_start\": 0.1}", "{\"_class_name\": 3}"}) {
      assertThrows(BundleException.class, () -> SchedulerConfig.parse(text, "file"), text);
    }
  }
}

package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import org.junit.jupiter.api.Test;

class OptimizerConfigTest {

  @Test
  void theRateWarmsUpLinearlyAndFallsAlongACosine() {
    OptimizerConfig config = new OptimizerConfig(0.1f, 10, Decay.COSINE, 0, 1, 0.9f);
    assertEquals(0.01f, config.rateAt(0, 110), 1e-7);
    assertEquals(0.1f, config.rateAt(9, 110), 1e-7);
    assertEquals(0.1f, config.rateAt(10, 110), 1e-7);
    assertEquals(0.1f * (0.01 + 0.99 * 0.5), config.rateAt(60, 110), 1e-7);
    assertEquals(0.001f, config.rateAt(110, 110), 1e-7);
    assertEquals(0.001f, config.rateAt(500, 110), 1e-7);
  }

  @Test
  void aConstantRateStays() {
    OptimizerConfig config = new OptimizerConfig(0.1f, 0, Decay.CONSTANT, 0, 1, 0.9f);
    assertEquals(0.1f, config.rateAt(0, 10));
    assertEquals(0.1f, config.rateAt(10_000, 10));
  }

  @Test
  void refusesWhatCannotBeMeant() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new OptimizerConfig(Float.NaN, 0, Decay.CONSTANT, 0, 1, 0.9f));
    assertThrows(
        IllegalArgumentException.class,
        () -> new OptimizerConfig(0.1f, 0, Decay.CONSTANT, 0, 0, 0.9f));
    assertThrows(
        IllegalArgumentException.class,
        () -> new OptimizerConfig(0.1f, 0, Decay.CONSTANT, 0, 1, 1));
  }
}

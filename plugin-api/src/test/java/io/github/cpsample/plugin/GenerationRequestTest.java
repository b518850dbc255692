package io.github.cpsample.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GenerationRequestTest {
  @Test
  void leavesWhatIsNotSetToTheModel() {
    GenerationRequest request = GenerationRequest.of(3);
    assertEquals(3, request.count());
    assertEquals(OptionalInt.empty(), request.steps());
    assertEquals(Optional.empty(), request.sampler());
    assertEquals(OptionalInt.empty(), request.classLabel());
    assertEquals(0, request.seed());
    assertTrue(request.protection());
    assertFalse(request.certaintyTrace(), "no certainty unasked");
  }

  @Test
  void everyChangeKeepsTheOthers() {
    GenerationRequest first = GenerationRequest.of(2);
    GenerationRequest request =
        first
            .withSteps(50)
            .withSampler("ddpm")
            .withSeed(7)
            .withBatchSize(4)
            .withClassLabel(0)
            .withProtection(false)
            .withCertaintyTrace(true);
    assertEquals(2, request.count());
    assertEquals(OptionalInt.of(50), request.steps());
    assertEquals(Optional.of("ddpm"), request.sampler());
    assertEquals(7, request.seed());
    assertEquals(4, request.batchSize());
    assertEquals(OptionalInt.of(0), request.classLabel());
    assertFalse(request.protection());
    assertTrue(request.certaintyTrace());
    assertEquals(OptionalInt.empty(), first.steps(), "the first request is unchanged");
  }

  @Test
  void anImageIsVariedOrFilledIn() {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    GenerationRequest request = GenerationRequest.of(1).withSteps(5).withSampler("ddim");
    assertEquals(Optional.empty(), request.given());
    GenerationRequest varied = request.withVariation(image, 0.5).withClassLabel(1).withSteps(6);
    assertSame(image, varied.given().orElseThrow().image());
    assertEquals(0.5, varied.given().orElseThrow().strength());
    assertEquals(Optional.of("ddim"), varied.sampler());
    GenerationRequest filled = varied.withInpainting(image, image).withSampler("ddpm");
    assertSame(image, filled.given().orElseThrow().mask().orElseThrow());
    assertEquals(OptionalInt.of(6), filled.steps());
    BufferedImage other = new BufferedImage(2, 3, BufferedImage.TYPE_BYTE_GRAY);
    assertThrows(IllegalArgumentException.class, () -> request.withInpainting(image, other));
    assertThrows(IllegalArgumentException.class, () -> request.withVariation(image, Double.NaN));
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> GenerationRequest.of(0));
    GenerationRequest request = GenerationRequest.of(1);
    assertThrows(IllegalArgumentException.class, () -> request.withSteps(0));
    assertThrows(IllegalArgumentException.class, () -> request.withBatchSize(0));
    assertThrows(IllegalArgumentException.class, () -> request.withClassLabel(-1));
    assertThrows(IllegalArgumentException.class, () -> new ModelDescription("m", 0, 1, 1, 0));
  }
}

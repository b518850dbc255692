package io.github.cpsample.evaluation.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyAudit;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplingPlanTest {

  @TempDir private Path folder;
  private TinyAudit tiny;

  @BeforeEach
  void open() throws IOException {
    tiny = TinyAudit.in(folder);
  }

  @AfterEach
  void close() {
    tiny.close();
  }

  private SamplingPlan plan(UnaryOperator<SampleRequest> asked) {
    AuditedModel plain = tiny.model();
    AuditedModel.Condition condition = new AuditedModel.Condition("something", asked);
    return SamplingPlan.of(
        new AuditedModel(plain.bundle(), plain.sampler(), condition), TinyAudit.SETTINGS);
  }

  private String refusal(SamplingPlan plan, String method) {
    return assertThrows(
            IllegalArgumentException.class, () -> plan.method(method, tiny.model().sampler()))
        .getMessage();
  }

  @Test
  void itTravelsWhole() {
    Conditioning conditioning =
        Conditioning.NONE
            .withPrompt("a \"cat\"")
            .withNegativePrompt("")
            .withGuidanceScale(2.5)
            .withGuidanceRescale(0.25)
            .withNullClass(9);
    SamplingPlan plan = plan(request -> request.withConditioning(conditioning).withClassLabel(3));
    SamplingPlan arrived = SamplingPlan.parse(plan.text());
    assertEquals(plan.text(), arrived.text());
    assertEquals(conditioning, arrived.asked(SampleRequest.of(7)).conditioning());
    assertEquals(3, arrived.asked(SampleRequest.of(7)).classLabel().orElseThrow());
    assertEquals(7, arrived.asked(SampleRequest.of(7)).count());
    assertEquals(TinyAudit.SETTINGS, arrived.settings());
    SampleRequest nothing =
        SamplingPlan.parse(plan(request -> request).text()).asked(SampleRequest.of(1));
    assertEquals(Conditioning.NONE, nothing.conditioning());
    assertTrue(nothing.classLabel().isEmpty());
  }

  /** The class reaches the model, which has none. */
  @Test
  void whatIsAskedForReachesTheModel() {
    SamplingPlan plan = plan(request -> request.withClassLabel(3));
    String refused = refusal(plan, AuditSettings.PROTECTED);
    assertTrue(refused.contains("class"), refused);
  }

  @Test
  void methodsThatNeedTrainingImagesAreRefused() {
    String refused = refusal(plan(request -> request), "amg");
    assertEquals("method: expected one of [unprotected, cpsample], found 'amg'", refused);
  }

  @Test
  void somethingElseIsNoPlan() {
    for (String text : new String[] {"", "{}", "[1]", "none"}) {
      assertThrows(IllegalArgumentException.class, () -> SamplingPlan.parse(text), text);
    }
  }

  @Test
  void imagesOfAnotherDeviceAreNotMadeElsewhere() {
    String text = plan(request -> request).text();
    String other = text.replace("\"device\":\"cpu\"", "\"device\":\"cuda:0\"");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> SamplingPlan.parse(other).require(tiny.model().manifest()));
    assertTrue(refused.getMessage().contains("--device cpu"), refused.getMessage());
    SamplingPlan.parse(text).require(tiny.model().manifest());
  }
}

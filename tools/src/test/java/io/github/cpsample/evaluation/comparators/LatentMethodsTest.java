package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.trajectory.RecordedStrip;
import io.github.cpsample.evaluation.trajectory.StripRecorder;
import io.github.cpsample.evaluation.trajectory.TrajectoryStudy;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.TextBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that makes images of a text, in latents. */
class LatentMethodsTest {

  private static final int STEPS = 4;

  @TempDir Path folder;
  private ModelBundle bundle;
  private ProtectedSampler sampler;

  @BeforeEach
  void open() throws IOException {
    bundle = ModelBundle.open(TextBundle.write(folder));
    sampler = ProtectedSampler.open(bundle, Device.cpu());
  }

  @AfterEach
  void close() {
    sampler.close();
    bundle.close();
  }

  private static SampleRequest changed(SampleRequest request) {
    return request.withSteps(STEPS).withPrompt("red");
  }

  @Test
  void imagesAreDecodedAndMethodsInPixelsAreNotOffered() {
    float[][] training = new float[8][bundle.manifest().image().size()];
    for (int i = 0; i < training.length; i++) {
      training[i][i] = 1;
    }
    ComparedMethods methods = new ComparedMethods(sampler, LatentMethodsTest::changed, 2, training);
    List<String> names = ComparedMethods.namesFor(bundle.manifest());
    assertEquals(List.of("unprotected", "cpsample", "rejection"), names);
    for (String name : names) {
      for (AuditSample sample : Collected.of(methods.named(name), 3, 3)) {
        assertEquals(STEPS, sample.cost().denoiserRows());
        assertEquals(bundle.manifest().image(), sample.image().orElseThrow().shape());
      }
    }
    assertFalse(bundle.manifest().image().equals(bundle.manifest().sampled()));
    for (String name : List.of("amg", "amg-denoised", "spell")) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> methods.named(name));
      assertTrue(refused.getMessage().contains("sampled in pixels"), refused.getMessage());
    }
  }

  @Test
  void trajectoriesAreFollowedWithoutPictures() {
    RecordedStrip strip =
        new StripRecorder(sampler, LatentMethodsTest::changed, 8).record(5, Progress.none());
    assertEquals(STEPS, strip.figures().frames().size());
    assertEquals(0, strip.unprotectedFrames().size());
    assertEquals(0, strip.protectedFrames().size());
    assertNotNull(
        new TrajectoryStudy(sampler, LatentMethodsTest::changed, 2)
            .run(5, 2, Progress.none())
            .relativeForce());
  }
}

package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.latent.LatentEncoder;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.TextBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on a text-conditioned model of latents, which sees images through its encoder. */
class LatentModelTest {

  private static final ImageShape SHAPE = new ImageShape(3, 32, 32);
  private static final float[][] MEMBERS = images(1, 4);
  private static final float[][] OTHERS = images(2, 5);

  @TempDir private static Path folder;
  private static ModelBundle bundle;
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open() throws IOException {
    bundle = ModelBundle.open(TextBundle.write(folder));
    sampler = ProtectedSampler.open(bundle, Device.cpu());
  }

  @AfterAll
  static void close() {
    sampler.close();
    bundle.close();
  }

  private static List<MembershipStage> stages() {
    return MembershipPlan.stages(
        new AttackedModel(bundle, sampler, LatentModelTest::prompted),
        new MembershipPlan.Images(
            RowSource.of(MEMBERS),
            RowSource.of(OTHERS),
            RowSource.of(images(3, 3)),
            RowSource.of(images(4, 3))),
        new MembershipSettings(5, 2, 100));
  }

  private static SampleRequest prompted(SampleRequest request) {
    return request.withPrompt("a cat").withGuidanceScale(1);
  }

  private static MembershipResult run(String id) {
    return stages().stream()
        .filter(it -> it.id().equals(id))
        .findFirst()
        .orElseThrow()
        .run(Progress.none());
  }

  @Test
  void onlyTheCheckOfFinishedImagesIsLeftOut() {
    assertFalse(CertaintyCheck.fits(bundle.manifest()));
    List<String> ids = stages().stream().map(MembershipStage::id).toList();
    assertEquals(11, ids.size(), ids.toString());
    assertFalse(ids.contains("certainty-low-noise"));
  }

  @Test
  void predictionsAreOfTheEncodedImage() {
    PipelineSpec.Latent spec = bundle.manifest().pipeline().latent().orElseThrow();
    try (InferenceSession session =
        InferenceSession.open(
            "encoder",
            bundle.file(spec.encoder().orElseThrow()),
            sampler.device(),
            SessionSettings.defaults())) {
      LatentEncoder encoder = new LatentEncoder(session, spec, SHAPE);
      NoisePredictions open =
          sampler.predictions(prompted(SampleRequest.of(1).withProtection(false)));
      double[] members = norms(open, encoder, MEMBERS);
      double[] others = norms(open, encoder, OTHERS);
      assertEquals(
          AttackedTiny.auc(members, others),
          run("sima").attacks().get(0).withoutProtection().auc().value(),
          1e-12);
    }
  }

  private static double[] norms(NoisePredictions model, LatentEncoder encoder, float[][] images) {
    return Arrays.stream(images)
        .mapToDouble(
            image -> {
              float[] latent = encoder.encode(FloatImage.copyOf(SHAPE, image, 0)).values();
              double sum = 0;
              for (float value : model.epsilon(latent, 1, 200)) {
                sum += Math.pow(value, 4);
              }
              return sum;
            })
        .toArray();
  }

  @Test
  void theClassifierSeesLatentsAndServicesSeeImages() {
    List<NoiseLevel> levels = run("certainty-all-levels").levels();
    assertEquals(10, levels.size());
    for (NoiseLevel level : levels) {
      assertEquals(1, level.falseAlarms().value(), 0, "alpha 1/2 guards always");
      assertTrue(level.heldOutCertainty().value() >= 0.5, level.toString());
    }
    assertEquals(4, run("image-to-image-20").attacks().size());
  }

  private static float[][] images(long seed, int count) {
    Random random = new Random(seed);
    float[][] images = new float[count][SHAPE.size()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = 2 * random.nextFloat() - 1;
      }
    }
    return images;
  }
}

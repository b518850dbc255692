package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Class labels of denoisers made elsewhere. */
class ThirdPartyLabelsTest extends ThirdPartyFixture {
  @Test
  void labelsOfAnyNameReachTheDenoiser() throws IOException {
    TinyVariant variant =
        TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "", 2).withLabel("genre");
    DenoiserOptions three =
        new DenoiserOptions(
            DenoiserOptions.TensorNames.none(),
            false,
            schedule(DDIM),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.of(3),
            Optional.empty(),
            OptionalInt.empty());
    Path file = variant.write(folder.resolve("model"));
    ThirdPartyDenoiser denoiser = ThirdPartyDenoiser.open(file, three, CPU);
    for (int label = 0; label < 3; label++) {
      SampleRequest request = REQUEST.withClassLabel(label);
      assertSame(usual(3, request), sample(denoiser, request), 1e-5);
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> open(file, DDIM)).getMessage();
    assertTrue(message.contains("number of classes of its input genre"), message);
    assertTrue(message.endsWith("say it with --classes"), message);
  }

  @Test
  void theNullClassIsTriedAndKept() throws IOException {
    Path file =
        TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0)
            .withLabel("y")
            .write(folder.resolve("model"));
    ThirdPartyDenoiser denoiser = ThirdPartyDenoiser.open(file, classes(2, 2), CPU);
    assertEquals(OptionalInt.of(2), denoiser.pipeline().nullClass());
    writer(denoiser, denoiser.pipeline()).toDirectory(folder.resolve("bundle"));
    SampleRequest guided = REQUEST.withClassLabel(1).withGuidanceScale(3);
    SampleResult found = sample(folder.resolve("bundle"), guided);
    writer(denoiser).toDirectory(folder.resolve("plain"));
    SampleRequest told =
        REQUEST
            .withConditioning(
                io.github.cpsample.inference.Conditioning.NONE
                    .withGuidanceScale(3)
                    .withNullClass(2))
            .withClassLabel(1);
    assertSame(sample(folder.resolve("plain"), told), found, 0);
    assertFalse(
        java.util.Arrays.equals(
            found.image(0).values(),
            sample(folder.resolve("bundle"), REQUEST.withClassLabel(1)).image(0).values()));
    refuses(file, classes(2, 3), "--null-class: expected one of the 2 classes");
    refuses(file, classes(3, 3), "cannot be run so");
    refuses(file, classes(9, -1), "cannot be run so");
  }

  private void refuses(Path file, DenoiserOptions options, String expected) {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> ThirdPartyDenoiser.open(file, options, CPU))
            .getMessage();
    assertTrue(message.contains(expected), message);
  }

  private DenoiserOptions classes(int count, int nullClass) throws IOException {
    return new DenoiserOptions(
        DenoiserOptions.TensorNames.none(),
        false,
        schedule(DDIM),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.of(count),
        Optional.empty(),
        nullClass < 0 ? OptionalInt.empty() : OptionalInt.of(nullClass));
  }
}

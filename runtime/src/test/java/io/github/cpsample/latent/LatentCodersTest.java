package io.github.cpsample.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An encoder and a decoder that move pixels into channels and back, times 5. */
class LatentCodersTest {
  private static final ImageShape IMAGE = new ImageShape(1, 4, 4);
  private static final ImageShape LATENT = new ImageShape(4, 2, 2);

  @ParameterizedTest
  @CsvSource({"0.18215, 0, 0, false", "0.3611, 0.1159, 2, true", "1, 0, 3, true"})
  void decodingUndoesEncoding(double factor, double shift, int fixedBatch, boolean parameters) {
    PipelineSpec.Latent spec =
        new PipelineSpec.Latent("decoder", Optional.of("encoder"), LATENT, factor, shift);
    try (InferenceSession encoder = open(encoder(parameters, false));
        InferenceSession decoder = open(decoder(fixedBatch))) {
      LatentEncoder latents = new LatentEncoder(encoder, spec, IMAGE);
      List<FloatImage> pictures = pictures();
      List<FloatImage> encoded = new ArrayList<>();
      pictures.forEach(picture -> encoded.add(latents.encode(picture)));
      float pixel = pictures.get(2).value(0, 3, 1);
      assertEquals(factor * (5 * pixel - shift), encoded.get(2).value(3, 1, 0), 1e-5);
      List<FloatImage> decoded = new LatentDecoder(decoder, spec, IMAGE).decode(encoded);
      assertEquals(pictures.size(), decoded.size());
      for (int image = 0; image < pictures.size(); image++) {
        for (int i = 0; i < IMAGE.size(); i++) {
          assertEquals(pictures.get(image).values()[i], decoded.get(image).values()[i], 1e-5);
        }
      }
    }
  }

  @Test
  void decodedImagesAreClipped() {
    PipelineSpec.Latent spec = new PipelineSpec.Latent("decoder", Optional.empty(), LATENT, 0.5, 0);
    float[] values = new float[LATENT.size()];
    values[0] = 5;
    values[1] = -5;
    values[2] = 1;
    try (InferenceSession decoder = open(decoder(0))) {
      FloatImage image =
          new LatentDecoder(decoder, spec, IMAGE)
              .decode(List.of(FloatImage.copyOf(LATENT, values, 0)))
              .get(0);
      assertEquals(1, image.value(0, 0, 0));
      assertEquals(-1, image.value(0, 0, 2));
      assertEquals(0.4, image.value(0, 2, 0), 1e-6);
    }
  }

  @Test
  void whatIsNotFiniteIsNoImage() {
    PipelineSpec.Latent spec =
        new PipelineSpec.Latent("decoder", Optional.of("encoder"), LATENT, 1, 0);
    float[] values = new float[LATENT.size()];
    values[3] = Float.NaN;
    try (InferenceSession decoder = open(decoder(0));
        InferenceSession encoder = open(encoder(false, false))) {
      LatentDecoder images = new LatentDecoder(decoder, spec, IMAGE);
      List<FloatImage> latents = List.of(FloatImage.copyOf(LATENT, values, 0));
      String message =
          assertThrows(InferenceException.class, () -> images.decode(latents)).getMessage();
      assertTrue(message.contains("expected finite numbers, found NaN"), message);
      values[3] = Float.POSITIVE_INFINITY;
      FloatImage picture = FloatImage.copyOf(IMAGE, values, 0);
      LatentEncoder encoded = new LatentEncoder(encoder, spec, IMAGE);
      assertThrows(InferenceException.class, () -> encoded.encode(picture));
    }
  }

  @Test
  void refusesEncodersThatDrawRandomNumbers() {
    PipelineSpec.Latent spec =
        new PipelineSpec.Latent("decoder", Optional.of("encoder"), LATENT, 1, 0);
    try (InferenceSession encoder = open(encoder(false, true))) {
      LatentEncoder latents = new LatentEncoder(encoder, spec, IMAGE);
      String message =
          assertThrows(IllegalArgumentException.class, latents::requireRepeatable).getMessage();
      assertTrue(message.contains("same latent"), message);
    }
  }

  @Test
  void refusesImagesOfAnotherShape() {
    PipelineSpec.Latent spec =
        new PipelineSpec.Latent("decoder", Optional.of("encoder"), LATENT, 1, 0);
    try (InferenceSession encoder = open(encoder(false, false))) {
      LatentEncoder latents = new LatentEncoder(encoder, spec, IMAGE);
      FloatImage wide = FloatImage.copyOf(new ImageShape(1, 4, 8), new float[32], 0);
      assertThrows(IllegalArgumentException.class, () -> latents.encode(wide));
    }
  }

  @Test
  void refusesFactorsThatUndoNothing() {
    for (double factor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new PipelineSpec.Latent("decoder", Optional.empty(), LATENT, factor, 0));
    }
  }

  private static List<FloatImage> pictures() {
    Random random = new Random(3);
    List<FloatImage> pictures = new ArrayList<>();
    for (int image = 0; image < 5; image++) {
      float[] values = new float[IMAGE.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = 2 * random.nextFloat() - 1;
      }
      pictures.add(FloatImage.copyOf(IMAGE, values, 0));
    }
    return pictures;
  }

  private static byte[] encoder(boolean parameters, boolean random) {
    GraphBuilder g = new GraphBuilder("encoder", 17);
    Value x = g.input("sample", ElementType.FLOAT, shape(IMAGE, 0, 1));
    Value mean = g.node("SpaceToDepth", List.of(x), Attribute.integer("blocksize", 2));
    mean = g.mul(mean, g.constant("gain", new float[] {5}, 1));
    if (random) {
      mean = g.add(mean, g.node("RandomNormalLike", List.of(mean)));
    }
    if (parameters) {
      Value logVariance = g.neg(mean);
      mean = g.concat(List.of(mean, logVariance), 1);
    }
    g.output("latent", mean, ElementType.FLOAT, shape(LATENT, 0, parameters ? 2 : 1));
    return OnnxCodec.toBytes(g.build());
  }

  private static byte[] decoder(int fixedBatch) {
    GraphBuilder g = new GraphBuilder("decoder", 17);
    Value z = g.input("latent_sample", ElementType.FLOAT, shape(LATENT, fixedBatch, 1));
    Value pixels =
        g.node(
            "DepthToSpace",
            List.of(z),
            Attribute.integer("blocksize", 2),
            Attribute.string("mode", "DCR"));
    pixels = g.mul(pixels, g.constant("gain", new float[] {0.2f}, 1));
    g.output("sample", pixels, ElementType.FLOAT, shape(IMAGE, fixedBatch, 1));
    return OnnxCodec.toBytes(g.build());
  }

  private static Shape shape(ImageShape image, int fixedBatch, int multiple) {
    return Shape.of(
        fixedBatch > 0 ? Dim.of(fixedBatch) : Dim.symbolic("N"),
        Dim.of((long) multiple * image.channels()),
        Dim.of(image.height()),
        Dim.of(image.width()));
  }

  private static InferenceSession open(byte[] model) {
    return InferenceSession.open(
        "coder", model, ResolvedDevice.of(Device.cpu()), SessionSettings.defaults());
  }
}

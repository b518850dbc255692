package io.github.cpsample.evaluation.quality;

import static io.github.cpsample.evaluation.quality.TinyEmbedders.shape;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.MalformedModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of all kinds, whose features are means that can be computed by hand. */
class OnnxEmbedderTest {

  private static final ImageShape GREY = new ImageShape(1, 4, 4);
  private static final ImageShape RGB = new ImageShape(3, 4, 4);

  @TempDir private Path folder;

  /** Level 51 is 0.2 of 255; images of one colour. */
  @ParameterizedTest
  @CsvSource({
    "-1..1,    -0.6",
    "0..1,      0.2",
    "0..255,   51",
    "imagenet, -1.2445414847161572",
  })
  void handsImagesOverInTheRangeThatIsNamed(String range, double expected) throws IOException {
    write(TinyEmbedders.pooled(ElementType.FLOAT, shape(-1, 3, 4, 4), shape(-1, 3, 1, 1)));
    try (Embedder embedder = open("net.onnx,range=" + range, RGB)) {
      assertEquals(3, embedder.dimension());
      float[] red = embedder.embed(new float[][] {flat(RGB, -0.6f)})[0];
      assertEquals(expected, red[0], 1e-5);
    }
  }

  @Test
  void everyChannelOfImagenetHasItsOwnMean() throws IOException {
    write(TinyEmbedders.pooled(ElementType.FLOAT, shape(-1, 3, 4, 4), shape(-1, 3, 1, 1)));
    try (Embedder embedder = open("net.onnx,range=imagenet", GREY)) {
      float[] white = embedder.embed(new float[][] {flat(GREY, 1)})[0];
      assertArrayEquals(
          new float[] {0.515f / 0.229f, 0.544f / 0.224f, 0.594f / 0.225f}, white, 1e-5f);
    }
  }

  @Test
  void imagesAreTakenAsFilesHoldThem() throws IOException {
    write(TinyEmbedders.means(shape(-1, 1, 4, 4), shape(-1, 1), 2, 3));
    try (Embedder embedder = open("net.onnx,range=0..255", GREY)) {
      float[][] found = embedder.embed(new float[][] {flat(GREY, 1.7f), flat(GREY, 0.2f)});
      assertEquals(255, found[0][0], 1e-4);
      assertEquals(153, found[1][0], 1e-4);
    }
  }

  @Test
  void coloursBecomeGreyByTheirLuma() throws IOException {
    write(TinyEmbedders.means(shape(-1, 1, 4, 4), shape(-1, 1), 2, 3));
    float[] image = new float[RGB.size()];
    for (int i = 0; i < 16; i++) {
      image[i] = 1;
      image[16 + i] = -1;
      image[32 + i] = -1;
    }
    try (Embedder embedder = open("net.onnx,range=0..255", RGB)) {
      assertEquals(0.299 * 255, embedder.embed(new float[][] {image})[0][0], 1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, 1e-6", "FLOAT16, 1e-3", "DOUBLE, 1e-7"})
  void takesEveryFloatingType(ElementType type, double tolerance) throws IOException {
    write(TinyEmbedders.pooled(type, shape(-1, 1, -1, -1), shape(-1, 1, 1, 1)));
    float[] image = random(GREY, 1);
    try (Embedder embedder = open("net.onnx,range=-1..1", GREY)) {
      assertEquals(mean(image), embedder.embed(new float[][] {image})[0][0], tolerance);
    }
  }

  /** 70 images in batches of 32, of 3 with the last one filled up, and of 1. */
  @ParameterizedTest
  @CsvSource({"-1", "3", "1"})
  void batchesOfAnySizeGiveEveryImageItsOwnFeatures(long batch) throws IOException {
    write(TinyEmbedders.means(shape(batch, 1, 4, 4), shape(batch, 1), 2, 3));
    float[][] images = new float[70][];
    for (int i = 0; i < images.length; i++) {
      images[i] = random(GREY, i);
    }
    try (Embedder embedder = open("net.onnx,range=-1..1", GREY)) {
      float[][] found = embedder.embed(images);
      assertEquals(70, found.length);
      for (int i = 0; i < images.length; i++) {
        assertEquals(mean(images[i]), found[i][0], 1e-6);
      }
      assertEquals(0, embedder.embed(new float[0][]).length);
      assertEquals(found[3][0], embedder.of(images)[3][0]);
    }
  }

  @Test
  void takesChannelsOnTheLastAxis() throws IOException {
    write(TinyEmbedders.means(shape(-1, 4, 4, 3), shape(-1, 3), 1, 2));
    float[] image = random(RGB, 5);
    try (Embedder embedder = open("net.onnx,range=-1..1", RGB)) {
      float[] found = embedder.embed(new float[][] {image})[0];
      for (int channel = 0; channel < 3; channel++) {
        float[] plane = new float[16];
        System.arraycopy(image, channel * 16, plane, 0, 16);
        assertEquals(mean(plane), found[channel], 1e-6);
      }
    }
  }

  /** PyTorch's bilinear weights for 2 to 4: 1, 3/4, 1/4, 0 of the first column. */
  @Test
  void stretchesToTheSizeOfTheFile() throws IOException {
    write(TinyEmbedders.pixels(shape(-1, 1, 1, 4), shape(-1, 4)));
    ImageShape two = new ImageShape(1, 1, 2);
    try (Embedder embedder = open("net.onnx,range=0..1,resize=bilinear", two)) {
      assertArrayEquals(
          new float[] {0, 0.25f, 0.75f, 1}, embedder.embed(new float[][] {{-1, 1}})[0], 1e-6f);
      assertTrue(embedder.description().contains("resized bilinear"), embedder.description());
    }
    try (Embedder embedder = open("net.onnx,range=0..1", two)) {
      float[] bicubic = embedder.embed(new float[][] {{-1, 1}})[0];
      assertTrue(bicubic[1] < 0.25f && bicubic[1] > 0.1f, "" + bicubic[1]);
    }
  }

  @ParameterizedTest
  @CsvSource({"pytorch-fid, PYTORCH_FID", "clean-fid, CLEAN_FID", "legacy-pytorch, PYTORCH_FID"})
  void makesInceptionsInput(String range, InceptionInput kind) throws IOException {
    write(TinyEmbedders.pixels(shape(-1, 3, -1, -1), shape(-1, 3 * 299 * 299)));
    float[] image = random(RGB, 9);
    try (Embedder embedder = open("net.onnx,range=" + range, RGB)) {
      assertArrayEquals(
          kind.of(FloatImage.copyOf(RGB, image, 0)), embedder.embed(new float[][] {image})[0]);
    }
  }

  @Test
  void theFileIsNamedWithItsHash() throws IOException {
    write(TinyEmbedders.pooled(ElementType.FLOAT, shape(2, 1, 4, 4), shape(2, 1, 1, 1)));
    try (Embedder embedder = open("net.onnx,range=0..1,name=my-net", GREY)) {
      assertEquals("my-net", embedder.name());
      assertTrue(
          embedder
              .description()
              .matches(
                  "net.onnx \\(SHA-256 [0-9a-f]{64}\\), input pixels 1x4x4, range 0..1, output"
                      + " pool of 1"),
          embedder.description());
    }
  }

  @Test
  void asksForWhatTheFileDoesNotSay() throws IOException {
    write(TinyEmbedders.severalOutputs());
    refused("net.onnx", GREY, "range=", "pytorch-fid");
    refused("net.onnx,range=0..1", GREY, "output=NAME", "mean", "negative");
    refused("net.onnx,range=0..1,output=map", GREY, "called map", "[batch,1,4,4]");
    try (Embedder embedder = open("net.onnx,range=0..1,output=negative", GREY)) {
      assertEquals(-1, embedder.embed(new float[][] {flat(GREY, 1)})[0][0], 1e-6);
    }
    write(TinyEmbedders.means(shape(-1, -1, 4, -1), shape(-1, -1), 2, 3));
    refused("net.onnx,range=0..1", GREY, "layout=nchw");
    refused("net.onnx,range=0..1,layout=nchw", GREY, "features=D");
    try (Embedder embedder = open("net.onnx,range=0..1,layout=nchw,features=3,size=4", RGB)) {
      assertEquals(3, embedder.embed(new float[][] {flat(RGB, 1)})[0].length);
    }
  }

  @Test
  void saysWhatDoesNotFit() throws IOException {
    write(TinyEmbedders.twoInputs());
    refused("net.onnx,range=0..1", GREY, "one input", "t float[1]");
    write(TinyEmbedders.means(shape(-1, 5, 4, 4), shape(-1, 5), 2, 3));
    refused("net.onnx,range=0..1,layout=nchw", GREY, "1 or 3 channels", "float[batch,5,4,4]");
    write(TinyEmbedders.pixels(shape(-1, 16), shape(-1, 16)));
    refused("net.onnx,range=0..1", GREY, "4 axes");
    write(TinyEmbedders.means(shape(-1, 1, 4, 4), shape(-1, 1), 2, 3));
    refused("net.onnx,range=0..1,size=5", GREY, "images of 5 rows");
    refused("net.onnx,range=0..1,features=7", GREY, "7 features");
    refused("net.onnx,range=clean-fid", GREY, "3 channels");
    refused("net.onnx,range=0..1", new ImageShape(4, 4, 4), "channels");
    write(TinyEmbedders.means(shape(-1, 3, 224, 224), shape(-1, 3), 2, 3));
    refused("net.onnx,range=pytorch-fid", GREY, "299");
    TinyEmbedders.write(folder, "net.onnx", "no model".getBytes(StandardCharsets.UTF_8));
    assertThrows(MalformedModelException.class, () -> open("net.onnx,range=0..1", GREY));
    assertThrows(NoSuchFileException.class, () -> open("none.onnx,range=0..1", GREY));
  }

  @Test
  void refusesFeaturesThatAreNotFinite() throws IOException {
    write(TinyEmbedders.broken());
    try (Embedder embedder = open("net.onnx,range=-1..1", GREY)) {
      float[][] dark = {flat(GREY, -1)};
      InferenceException refused =
          assertThrows(InferenceException.class, () -> embedder.embed(dark));
      assertTrue(refused.getMessage().contains("NaN"), refused.getMessage());
      assertThrows(IllegalArgumentException.class, () -> embedder.embed(new float[1][15]));
    }
  }

  private void write(byte[] model) throws IOException {
    TinyEmbedders.write(folder, "net.onnx", model);
  }

  private Embedder open(String text, ImageShape images) throws IOException {
    return OnnxEmbedder.open(
        EmbedderSpec.parse(folder.resolve(text).toString()),
        images,
        ResolvedDevice.of(Device.cpu()));
  }

  private void refused(String text, ImageShape images, String... named) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> open(text, images).close());
    for (String name : named) {
      assertTrue(refused.getMessage().contains(name), refused.getMessage());
    }
  }

  private static float[] flat(ImageShape shape, float value) {
    float[] image = new float[shape.size()];
    Arrays.fill(image, value);
    return image;
  }

  /** Values that a file of 256 levels holds. */
  private static float[] random(ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] image = new float[shape.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextInt(256) / 127.5f - 1;
    }
    return image;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}

package io.github.cpsample.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.langchain4j.model.output.Response;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.service.TinyService;
import io.github.cpsample.service.settings.ServiceSettings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.ServiceLoader;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j gets images from the service, by its own client, and from the plugin. */
class LangChain4jTest {
  @TempDir private Path folder;

  @Test
  void theClientNeedsNothingButABaseUrl() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD)) {
      ImageModel model =
          OpenAiImageModel.builder()
              .baseUrl(service.address() + "/v1")
              .apiKey("none")
              .modelName("gpt-image-1")
              .build();
      Response<Image> one = model.generate("a fox");
      assertEquals(16, TinyService.pixels(TinyService.picture(one.content().base64Data())).length);
    }
  }

  @Test
  void theClientNamesModelsAndClasses() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD)) {
      ImageModel model =
          OpenAiImageModel.builder()
              .baseUrl(service.address() + "/v1")
              .apiKey("none")
              .modelName("classes")
              .size("4x4")
              .build();
      List<Image> images = model.generate("class:1", 2).content();
      assertEquals(2, images.size());
    }
  }

  @Test
  @SuppressWarnings("try") // the service wrote the model
  void theAdapterIsOneLine() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedImageGenerator generator = plugin("model-3")) {
      ImageModel model = new ProtectedImageModel(generator);
      String base64 = model.generate("class:2").content().base64Data();
      assertEquals(16, TinyService.pixels(TinyService.picture(base64)).length);
    }
  }

  @Test
  void theAdapterMakesThePluginsImages() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedSampler alone = service.sampler(3);
        ProtectedImageGenerator generator = plugin("model-3")) {
      ImageModel model = new ProtectedImageModel(generator, () -> 5);
      List<Image> images = model.generate("class:2", 2).content();
      SampleResult expected =
          alone.sample(SampleRequest.of(2).withSeed(5).withClassLabel(2), Progress.none());
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(
            TinyService.pixels(expected.image(i)),
            TinyService.pixels(TinyService.picture(images.get(i).base64Data())));
      }
      assertEquals("image/png", model.generate("a fox").content().mimeType());
    }
  }

  private ProtectedImageGenerator plugin(String model) {
    return ServiceLoader.load(ProtectedImageProvider.class)
        .findFirst()
        .orElseThrow()
        .open(folder.resolve(model), "cpu");
  }

  private static Image png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", bytes);
    return Image.builder()
        .base64Data(Base64.getEncoder().encodeToString(bytes.toByteArray()))
        .mimeType("image/png")
        .build();
  }

  private static BufferedImage ramp() {
    BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      picture.getRaster().setSample(i % 4, i / 4, 0, 16 * i);
    }
    return picture;
  }

  /** The upper half is transparent. */
  private static BufferedImage mask() {
    BufferedImage mask = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    for (int i = 8; i < 16; i++) {
      mask.setRGB(i % 4, i / 4, 0xFF000000);
    }
    return mask;
  }

  @Test
  void theClientEditsImages() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD)) {
      ImageModel model =
          OpenAiImageModel.builder()
              .baseUrl(service.address() + "/v1")
              .apiKey("none")
              .modelName("gpt-image-1")
              .build();
      String varied = model.edit(png(ramp()), "a fox").content().base64Data();
      assertEquals(16, TinyService.pixels(TinyService.picture(varied)).length);
      String filled = model.edit(png(ramp()), png(mask()), "a fox").content().base64Data();
      assertArrayEquals(
          Arrays.copyOfRange(TinyService.pixels(ramp()), 8, 16),
          Arrays.copyOfRange(TinyService.pixels(TinyService.picture(filled)), 8, 16),
          "what is not transparent stays");
    }
  }

  @Test
  void theAdapterEditsImages() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedSampler alone = service.sampler(0);
        ProtectedImageGenerator generator = plugin("model-0")) {
      ImageModel model = new ProtectedImageModel(generator, () -> 5);
      FloatImage start = FloatImage.of(ramp(), 1);
      SampleRequest request = SampleRequest.of(1).withSeed(5);
      String varied = model.edit(png(ramp()), "").content().base64Data();
      assertArrayEquals(
          TinyService.pixels(
              alone.sample(request.withStart(start, 0.75), Progress.none()).image(0)),
          TinyService.pixels(TinyService.picture(varied)));
      String filled = model.edit(png(ramp()), png(mask()), "").content().base64Data();
      int[] pixels = TinyService.pixels(TinyService.picture(filled));
      assertArrayEquals(
          TinyService.pixels(
              alone
                  .sample(
                      request.withInpainting(Inpainting.of(start, Mask.of(4, 4, (y, x) -> y < 2))),
                      Progress.none())
                  .image(0)),
          pixels);
      assertArrayEquals(
          Arrays.copyOfRange(TinyService.pixels(ramp()), 8, 16),
          Arrays.copyOfRange(pixels, 8, 16),
          "what is not transparent stays");
    }
  }

  @Test
  @SuppressWarnings("try") // the service wrote the model
  void whatIsNoImageIsNamed() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedImageGenerator generator = plugin("model-0")) {
      ImageModel model = new ProtectedImageModel(generator);
      Image url = Image.builder().url("https://example.org/fox.png").build();
      assertRefused("image: expected an image in base64", () -> model.edit(url, ""));
      Image text = Image.builder().base64Data("Zm94").build();
      assertRefused(
          "mask: expected an image file in base64", () -> model.edit(png(ramp()), text, ""));
      BufferedImage large = new BufferedImage(5, 4, BufferedImage.TYPE_INT_ARGB);
      assertRefused(
          "mask: expected the image's size", () -> model.edit(png(ramp()), png(large), ""));
    }
  }

  private static void assertRefused(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }
}

package io.github.cpsample.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.langchain4j.model.output.Response;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.service.TinyService;
import io.github.cpsample.service.settings.ServiceSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
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
  void theAdapterIsOneLine() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedImageGenerator generator =
            ServiceLoader.load(ProtectedImageProvider.class)
                .findFirst()
                .orElseThrow()
                .open(folder.resolve("model-3"), "cpu")) {
      ImageModel model = new ProtectedImageModel(generator);
      String base64 = model.generate("class:2").content().base64Data();
      assertEquals(16, TinyService.pixels(TinyService.picture(base64)).length);
    }
  }

  @Test
  void theAdapterMakesThePluginsImages() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedSampler alone = service.sampler(3);
        ProtectedImageGenerator generator =
            ServiceLoader.load(ProtectedImageProvider.class)
                .findFirst()
                .orElseThrow()
                .open(folder.resolve("model-3"), "cpu")) {
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
}

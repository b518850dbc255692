package io.github.cpsample.springai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.service.TinyService;
import io.github.cpsample.service.settings.ServiceSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptionsBuilder;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Spring AI gets images from the service, by its own client, and from the plugin. */
class SpringAiTest {
  @TempDir private Path folder;

  @Test
  void theClientNeedsNothingButABaseUrl() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD)) {
      ImageModel model =
          OpenAiImageModel.builder()
              .options(
                  OpenAiImageOptions.builder()
                      .baseUrl(service.address() + "/v1")
                      .apiKey("none")
                      .build())
              .build();
      String image = model.call(new ImagePrompt("a fox")).getResult().getOutput().getB64Json();
      assertEquals(16, TinyService.pixels(TinyService.picture(image)).length);
    }
  }

  @Test
  void theClientNamesModelsAndClasses() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD)) {
      ImageModel model =
          OpenAiImageModel.builder()
              .options(
                  OpenAiImageOptions.builder()
                      .baseUrl(service.address() + "/v1")
                      .apiKey("none")
                      .model("classes")
                      .build())
              .build();
      ImagePrompt prompt =
          new ImagePrompt("class:1", OpenAiImageOptions.builder().model("classes").n(2).build());
      assertEquals(2, model.call(prompt).getResults().size());
    }
  }

  /** The properties of the application. */
  private AnnotationConfigApplicationContext application(java.util.Map<String, Object> properties) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(new MapPropertySource("test", properties));
    context.register(Application.class);
    context.refresh();
    return context;
  }

  @ImportAutoConfiguration(ProtectedImageAutoConfiguration.class)
  static class Application {}

  @Test
  void theApplicationGetsAModel() throws Exception {
    try (TinyService service = TinyService.start(folder, ServiceSettings.STANDARD);
        ProtectedSampler alone = service.sampler(3)) {
      try (AnnotationConfigApplicationContext context =
          application(java.util.Map.of("cpsample.model", folder.resolve("model-3").toString()))) {
        ImageModel any = context.getBean(ImageModel.class);
        assertEquals(1, any.call(new ImagePrompt("a fox")).getResults().size());
        ImageModel model =
            new ProtectedImageModel(
                context.getBean(io.github.cpsample.plugin.ProtectedImageGenerator.class), () -> 5);
        List<ImageGeneration> images =
            model
                .call(new ImagePrompt("class:2", ImageOptionsBuilder.builder().n(2).build()))
                .getResults();
        SampleResult expected =
            alone.sample(SampleRequest.of(2).withSeed(5).withClassLabel(2), Progress.none());
        for (int i = 0; i < 2; i++) {
          assertArrayEquals(
              TinyService.pixels(expected.image(i)),
              TinyService.pixels(TinyService.picture(images.get(i).getOutput().getB64Json())));
        }
      }
    }
  }

  @Test
  void withoutAModelNamedThereIsNone() {
    try (AnnotationConfigApplicationContext context = application(java.util.Map.of())) {
      assertThrows(NoSuchBeanDefinitionException.class, () -> context.getBean(ImageModel.class));
    }
  }
}

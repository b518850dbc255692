package io.github.cpsample.springai;

import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.springframework.ai.image.ImageModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An {@link ImageModel} where {@code cpsample.model} names a model, or the folder or zip file of
 * one. {@code cpsample.device} says where it runs: {@code cpu} unless it is given, {@code cuda}, or
 * {@code auto}.
 */
@AutoConfiguration
@ConditionalOnProperty("cpsample.model")
public class ProtectedImageAutoConfiguration {
  /** Called by Spring. */
  public ProtectedImageAutoConfiguration() {}

  /**
   * Opens the model.
   *
   * @param environment holds the properties
   * @return a generator, which Spring closes
   * @throws io.github.cpsample.plugin.ProtectedImageException if it cannot be opened
   * @throws IllegalStateException if no provider is on the class path
   */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  public ProtectedImageGenerator protectedImageGenerator(Environment environment) {
    String model = environment.getRequiredProperty("cpsample.model");
    String device = environment.getProperty("cpsample.device", "cpu");
    ProtectedImageProvider provider =
        ServiceLoader.load(ProtectedImageProvider.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "cpsample.model: expected a ProtectedImageProvider on the class path, found"
                            + " none; add cpsample-runtime and onnxruntime"));
    boolean named = provider.models().stream().anyMatch(it -> it.name().equals(model));
    return !named && Files.exists(Path.of(model))
        ? provider.open(Path.of(model), device)
        : provider.open(model, device);
  }

  /**
   * The model as Spring AI knows it.
   *
   * @param generator makes the images
   * @return the model
   */
  @Bean
  @ConditionalOnMissingBean(ImageModel.class)
  public ProtectedImageModel protectedImageModel(ProtectedImageGenerator generator) {
    return new ProtectedImageModel(generator);
  }
}

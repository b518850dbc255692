package io.github.cpsample.provider;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.plugin.ImageOperation;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.plugin.ProtectedImageException.Reason;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleRequest;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * Variations of images: each is cropped and resized to the model's size, noised, and sampled anew
 * from there, protected. Settings: {@code model} (a name out of the class path's models; may be
 * left empty where there is only one), {@code strength} (share of the steps that is taken, in (0,
 * 1]), {@code seed} (of the first image) and {@code device}. The model is opened for the call and
 * closed after it.
 */
public final class VariationOperation implements ImageOperation {
  /** Called by {@link java.util.ServiceLoader}. */
  public VariationOperation() {}

  @Override
  public String name() {
    return "variation";
  }

  @Override
  public String description() {
    return "Samples images anew from noised ones, without reproducing training images";
  }

  @Override
  public Map<String, String> defaults() {
    return Map.of("model", "", "strength", "0.6", "seed", "0", "device", "cpu");
  }

  @Override
  public List<BufferedImage> apply(List<BufferedImage> images, Map<String, String> settings) {
    OperationSettings checked = new OperationSettings(this, settings, images.size());
    double strength = checked.share("strength");
    int seed = checked.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
    String model = model(checked);
    try (ModelBundle bundle = ModelBundle.named(model);
        ProtectedSampler sampler =
            ProtectedSampler.open(bundle, Device.parse(checked.text("device")))) {
      SampleOrigin.StartImages start =
          new SampleOrigin.StartImages(fitted(images, bundle.manifest().image()), strength);
      SampleRequest request = SampleRequest.of(images.size()).withSeed(seed).withStart(start);
      return sampler.sample(request, Progress.none()).images().stream()
          .map(FloatImage::toBufferedImage)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ProtectedImageException(
          Reason.INVALID_REQUEST, "operation " + name() + ", " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new ProtectedImageException(
          Reason.FAILED, "operation " + name() + ", " + e.getMessage(), e);
    }
  }

  private static String model(OperationSettings checked) {
    List<String> names = List.copyOf(ModelBundle.names());
    String asked = checked.text("model");
    return asked.isEmpty() && names.size() == 1 ? names.get(0) : checked.choice("model", names);
  }

  private static List<FloatImage> fitted(List<BufferedImage> images, ImageShape shape) {
    return images.stream()
        .map(image -> FloatImage.copyOf(shape, ImageDecoder.fit(image, shape), 0))
        .toList();
  }
}

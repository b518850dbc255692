package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;

/** What a program does that makes one image: opens the shipped model and samples. */
public final class FirstImage {

  /** Printed when the image is there. */
  static final String DONE = "first image";

  private FirstImage() {}

  /**
   * Makes one image with the model's settings.
   *
   * @param arguments true or false: protected or not
   */
  public static void main(String[] arguments) {
    try (ModelBundle model = ModelBundle.named(ShippedModel.NAME);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      sampler.sample(
          SampleRequest.of(1).withProtection(Boolean.parseBoolean(arguments[0])), Progress.none());
      System.out.println(DONE);
      System.out.flush();
    }
  }
}

package io.github.cpsample.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;

/** {@code Generate...}: a stack of protected images. */
public final class GenerateCommand extends Command {
  /** Called by ImageJ. */
  public GenerateCommand() {}

  @Override
  void execute() {
    CommandDialog dialog =
        new CommandDialog("Generate")
            .withModel()
            .withNumber("Count", 4, "images")
            .withNumber("Seed", 0, "of the first image")
            .withNumber("Steps", 0, "0: the model's")
            .withNumber("Class", -1, "-1: none")
            .withBox("16-bit")
            .ask();
    try (ModelBundle model = dialog.model()) {
      SampleRequest request =
          SampleRequest.of(dialog.count("Count", 1))
              .withSeed(dialog.number("Seed", Long.MIN_VALUE));
      int steps = dialog.count("Steps", 0);
      int label = dialog.count("Class", -1);
      if (steps > 0) {
        request = request.withSteps(steps);
      }
      if (label >= 0) {
        request = request.withClassLabel(label);
      }
      generate(model, request, type(model, dialog.box())).show();
    }
  }

  private static PixelType type(ModelBundle model, boolean wide) {
    ImageShape shape = model.manifest().image();
    if (wide && shape.channels() > 1) {
      throw new IllegalArgumentException(
          "16-bit: expected a model of grey images, found that "
              + model.manifest().name()
              + " makes RGB images; leave it out");
    }
    return (wide ? PixelType.GREY_16 : PixelType.GREY_8).of(shape);
  }

  private static ImagePlus generate(ModelBundle model, SampleRequest request, PixelType type) {
    try (ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      status("generating " + request.count() + " images");
      SampleResult result = sampler.sample(request, new EscapableProgress());
      ImageShape shape = result.image(0).shape();
      ImageStack stack = new ImageStack(shape.width(), shape.height());
      for (int i = 0; i < result.images().size(); i++) {
        stack.addSlice("seed " + result.report(i).seed(), type.processor(result.image(i)));
      }
      status(request.count() + " images of " + model.manifest().name());
      return new ImagePlus(model.manifest().name() + " seed " + request.seed(), stack);
    }
  }
}

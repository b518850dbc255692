package io.github.cpsample.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.ResultsTable;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.Sanitizer;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;

/** {@code Sanitize...}: a stack of images that are no copies, made of slices that may be. */
public final class SanitizeCommand extends OpenImageCommand {
  /** Called by ImageJ. */
  public SanitizeCommand() {}

  @Override
  void execute(Slices slices) throws IOException {
    CommandDialog dialog =
        new CommandDialog("Sanitize")
            .withModel()
            .withIndex()
            .withNumber("Seed", 0, "of the first image")
            .withNumber("Steps", 0, "0: the model's")
            .withNumber("Class", -1, "-1: none")
            .ask();
    try (ModelBundle model = dialog.model()) {
      TrainingIndex index = dialog.index();
      index.requireShape(model.manifest().image());
      long seed = dialog.number("Seed", Long.MIN_VALUE);
      int steps = dialog.count("Steps", 0);
      int label = dialog.count("Class", -1);
      SampleRequest request = SampleRequest.of(1).withSeed(seed);
      request = steps > 0 ? request.withSteps(steps) : request;
      request = label >= 0 ? request.withClassLabel(label) : request;
      try (ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
        sanitize(
            slices,
            model.manifest().image(),
            new Sanitizer(sampler, IndexCheck.of(index), Sanitizer.Settings.STANDARD),
            request);
      }
    }
  }

  private static void sanitize(
      Slices slices, ImageShape shape, Sanitizer sanitizer, SampleRequest request) {
    PixelType type = slices.type().of(shape);
    ImageStack stack = new ImageStack(shape.width(), shape.height());
    ResultsTable table = new ResultsTable();
    String failure = null;
    for (int i = 0; i < slices.count(); i++) {
      status("sanitizing " + (i + 1) + " of " + slices.count());
      EscapableProgress progress = EscapableProgress.ofImage(i, slices.count());
      progress.step(0, 1);
      table.addRow();
      table.addValue("Image", slices.label(i));
      try {
        Sanitizer.Result done =
            sanitizer.sanitize(
                slices.read(i, shape), request.withSeed(request.seed() + i), progress);
        stack.addSlice(slices.label(i), type.processor(done.image()));
        table.addValue("Passes", 1);
        table.addValue("Tries", done.tries());
        table.addValue("Strength", done.strength());
      } catch (Sanitizer.FailedException e) {
        failure = slices.label(i) + ": " + e.getMessage();
        table.addValue("Passes", 0);
      }
    }
    table.show("CPSample Sanitize");
    if (stack.size() > 0) {
      new ImagePlus("Sanitized " + slices.image().getShortTitle(), stack).show();
    }
    if (failure != null) {
      throw new IllegalStateException(
          (slices.count() - stack.size())
              + " of "
              + slices.count()
              + " images never passed and are left out, the last: "
              + failure);
    }
    status(stack.size() + " images pass");
  }
}

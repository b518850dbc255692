package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.commands.shared.IndexArgument;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** {@code cpsample index}: makes the index of a model's training images. */
public final class IndexCommand implements Command {

  private static final Opt<Path> OUT =
      Opt.path("out", "FILE", "the index; as sensitive as the training images").required();

  private record Settings(String model, String data, OptionalInt limit, Path out) {}

  /** The command; it has no state. */
  public IndexCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "index",
        "Make a searchable index of a model's training images",
        "",
        "The index is what 'guard', 'sanitize' and 'sample --guarantee' compare images with. It"
            + " contains the training images, so keep it where they are kept and never pass it on"
            + " with the model. Images that are equal value for value are in it once.",
        List.of(DataOptions.DATA, DataOptions.LIMIT, ModelArgument.MODEL, OUT),
        "cpsample index --data photos --model my-model --out photos.index");
  }

  @Override
  public Action prepare(Arguments arguments) {
    TrainingImages images = DataOptions.images(arguments);
    Settings settings =
        new Settings(
            arguments.get(ModelArgument.MODEL),
            images.source(),
            images.limit(),
            arguments.get(OUT));
    return terminal -> run(settings, terminal);
  }

  private static void run(Settings settings, Terminal terminal) throws IOException {
    Manifest manifest;
    try (ModelBundle bundle = ModelBundle.of(settings.model())) {
      manifest = bundle.manifest();
    }
    BrokenImages broken = DataOptions.reportBroken(terminal);
    TrainingIndex index;
    try (ImageDataset images = images(settings, manifest).openTraining(manifest.image())) {
      index = index(images, manifest.data(), broken);
    }
    index.write(settings.out());
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s: %d different images of %d, %d skipped. Keep it where the training images are"
                + " kept.%n",
            settings.out(),
            index.size(),
            index.sourceImages(),
            broken.count());
    IndexArgument.noteForeign(index, manifest, terminal);
  }

  /** Of the images that come with the tool the model's own ones, unless a number is given. */
  private static TrainingImages images(Settings settings, Manifest manifest) {
    TrainingImages images = new TrainingImages(settings.data(), settings.limit());
    int trained = manifest.data().trainingImages();
    return images.isBundled() && images.limit().isEmpty() && trained > 0
        ? new TrainingImages(settings.data(), OptionalInt.of(trained))
        : images;
  }

  private static TrainingIndex index(ImageDataset images, Manifest.Data data, BrokenImages broken) {
    TrainingIndex.Builder builder = TrainingIndex.builder(images.shape());
    float[] values = new float[images.shape().size()];
    for (int i = 0; i < images.size(); i++) {
      try {
        images.read(i, values, 0);
        builder.add(images.name(i), values);
      } catch (BrokenImageException e) {
        broken.report(e);
      }
    }
    byte[] salt = HexFormat.of().parseHex(data.salt());
    return builder.fingerprint(DatasetFingerprint.of(images, salt, broken).hex()).build();
  }
}

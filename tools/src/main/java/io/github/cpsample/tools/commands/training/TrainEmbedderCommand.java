package io.github.cpsample.tools.commands.training;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DataException;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageDatasets;
import io.github.cpsample.trainer.export.NetworkExporter;
import io.github.cpsample.trainer.network.ImageClassifier;
import io.github.cpsample.trainer.training.EmbedderTraining;
import io.github.cpsample.trainer.training.ProgressBars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code cpsample train embedder}: trains a network in whose features images are compared. */
public final class TrainEmbedderCommand implements Command {

  private static final String LABELLED =
      ": a folder with a folder for each class, tar files with .cls files, or CIFAR-10 binary files";
  private static final Opt<Path> DATA =
      Opt.path("data", "PATH", "images with classes, not those to be protected" + LABELLED)
          .required();
  private static final Opt<Path> HELDOUT =
      Opt.path("heldout", "PATH", "others, to say how well it tells the classes apart");
  private static final Opt<Long> STEPS =
      Opt.wide("steps", "N", "training steps of 64 images; the learning rate is planned over them")
          .or(1_500L);
  private static final String FILE = "embedder.onnx";

  /** The command; it has no state. */
  public TrainEmbedderCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "train embedder",
        "Train a network in whose features an audit compares images",
        "",
        "The network learns to tell classes of images apart; the layer before its answer is the"
            + " features. The run folder holds embedder.onnx, for 'audit --embedder"
            + " RUN/embedder.onnx,range=-1..1', beside checkpoint.bin and metrics.jsonl. A run that"
            + " is there is resumed.",
        List.of(
            DATA,
            HELDOUT,
            TrainingOptions.SIZE,
            TrainingOptions.CHANNELS,
            STEPS,
            TrainingOptions.OUT),
        "cpsample train embedder --data public --heldout others --size 32 --out runs/embedder");
  }

  @Override
  public Action prepare(Arguments arguments) {
    Path source = arguments.get(DATA);
    int size = arguments.find(TrainingOptions.SIZE).orElse(32);
    ImageShape shape =
        new ImageShape(arguments.find(TrainingOptions.CHANNELS).orElse(3), size, size);
    new ImageClassifier(shape.channels(), size, size, 2);
    long steps = arguments.get(STEPS);
    Path run = arguments.get(TrainingOptions.OUT);
    return terminal -> {
      try (ImageDataset images = ImageDatasets.open(source, shape)) {
        ImageClassifier network =
            new ImageClassifier(shape.channels(), size, size, classes(images, "--data", 2));
        float[] weights =
            EmbedderTraining.run(
                network,
                steps,
                images,
                DataOptions.reportBroken(terminal),
                run,
                ProgressBars.on(terminal.err(), terminal.interactive()));
        OnnxCodec.write(NetworkExporter.features(network, weights), run.resolve(FILE));
        describe(network, weights, arguments.find(HELDOUT), run, terminal);
      }
    };
  }

  private static void describe(
      ImageClassifier network, float[] weights, Optional<Path> heldOut, Path run, Terminal terminal)
      throws IOException {
    terminal
        .out()
        .printf(
            "%s: %d features, of %d classes%n",
            run.resolve(FILE), ImageClassifier.featureWidth(), network.categories());
    if (heldOut.isEmpty()) {
      return;
    }
    int[] image = network.imageShape();
    ImageShape shape = new ImageShape(image[0], image[1], image[2]);
    BrokenImages broken = DataOptions.reportBroken(terminal);
    try (ImageDataset others = ImageDatasets.open(heldOut.get(), shape)) {
      int found = classes(others, "--heldout", 1);
      if (found > network.categories()) {
        throw new DataException(
            "--heldout: expected the " + network.categories() + " classes of --data, found more");
      }
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%.1f %% of %d held-out images are told apart%n",
              100 * EmbedderTraining.accuracy(network, weights, others, broken),
              others.size());
    }
  }

  /** One more than the largest label. */
  private static int classes(ImageDataset images, String option, int fewest) {
    int largest = -1;
    for (int n = 0; n < images.size(); n++) {
      OptionalInt label = images.label(n);
      if (label.isEmpty()) {
        throw new DataException(
            option + ": expected images with classes" + LABELLED + "; found one without a class");
      }
      largest = Math.max(largest, label.getAsInt());
    }
    if (largest + 1 < fewest) {
      throw new DataException(
          option + ": expected at least " + fewest + " classes, found " + (largest + 1));
    }
    return largest + 1;
  }
}

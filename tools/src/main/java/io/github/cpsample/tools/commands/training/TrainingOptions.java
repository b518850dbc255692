package io.github.cpsample.tools.commands.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import io.github.cpsample.trainer.training.TrainingBudget;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options that both training commands share. */
final class TrainingOptions {

  private static final int TIMESTEPS = 1000;
  private static final int WARMUP = 100;
  private static final double AVERAGING = 0.995;

  static final Opt<Integer> SIZE =
      Opt.integer("size", "height and width of the images; default: 32, fashion-mnist: 28", 8);
  static final Opt<Integer> CHANNELS =
      Opt.of(
          "channels",
          "1|3",
          "grey or colour; default: 3, fashion-mnist: 1",
          TrainingOptions::channels);
  static final Opt<List<Integer>> WIDTHS =
      Opt.of(
          "widths",
          "W,W,...",
          "channels of the network from fine to coarse, multiples of 16; default: 32,64",
          TrainingOptions::widths);
  static final Opt<Integer> BLOCKS = Opt.integer("blocks", "residual blocks per level", 1).or(1);
  static final Opt<Integer> PATCH =
      Opt.integer("patch", "pixels that enter together: N x N; 2 is four times cheaper than 1", 1)
          .or(2);
  static final Opt<Long> STEPS =
      Opt.wide("steps", "N", "training steps; the learning rate is planned over them").or(20_000L);
  static final Opt<Integer> MINUTES =
      Opt.integer("minutes", "stop after N minutes at the latest; the run can be resumed", 1);
  static final Opt<Double> RATE =
      Opt.decimal("learning-rate", "R", "of Adam, after warm-up", r -> r > 0, "a number > 0")
          .or(0.002);
  static final Opt<Double> AVERAGED =
      Opt.decimal(
              "averaging",
              "A",
              "how slowly the averaged weights, which are kept, follow the trained ones",
              a -> a >= 0 && a < 1,
              "a number in [0, 1)")
          .or(AVERAGING);
  static final Opt<Boolean> FLIPS = Opt.flag("flips", "mirror every second image drawn, at random");
  static final Opt<String> SCHEDULE =
      Opt.choice(
          "schedule",
          "noise schedule over 1000 timesteps; scaled-linear as in latent diffusion models;"
              + " default: linear",
          List.of("linear", "scaled-linear", "cosine"));
  static final Opt<Long> SEED =
      Opt.wide("seed", "S", "of initial weights, order of the images and noise").or(1L);
  static final Opt<Path> OUT =
      Opt.path("out", "RUN", "folder of the run; a run that is there is resumed").required();

  private TrainingOptions() {}

  private static Integer channels(String text) {
    if (!text.equals("1") && !text.equals("3")) {
      throw new UsageException("expected 1 or 3, found '" + text + "'");
    }
    return Integer.valueOf(text);
  }

  private static List<Integer> widths(String text) {
    if (!text.matches("\\d{1,5}(,\\d{1,5})*")) {
      throw new UsageException("expected numbers like 32,64,128, found '" + text + "'");
    }
    return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  static ImageShape shape(Arguments arguments, TrainingImages images) {
    ImageShape otherwise =
        images.isBundled() ? BundledFashionMnist.SHAPE : new ImageShape(3, 32, 32);
    int size = arguments.find(SIZE).orElse(otherwise.height());
    ImageShape shape =
        new ImageShape(arguments.find(CHANNELS).orElse(otherwise.channels()), size, size);
    if (images.isBundled() && !shape.equals(otherwise)) {
      throw new UsageException(
          "--size and --channels: expected none, since fashion-mnist is " + otherwise);
    }
    return shape;
  }

  static NoiseScheduleConfig schedule(Arguments arguments) {
    return switch (arguments.find(SCHEDULE).orElse("linear")) {
      case "linear" -> NoiseScheduleConfig.linear(TIMESTEPS, 1e-4, 0.02);
      case "scaled-linear" -> NoiseScheduleConfig.scaledLinear(TIMESTEPS, 0.00085, 0.012);
      default -> NoiseScheduleConfig.squaredCosine(TIMESTEPS);
    };
  }

  static OptimizerConfig optimizer(Arguments arguments) {
    return optimizer(arguments, AVERAGING);
  }

  static OptimizerConfig optimizer(Arguments arguments, double averaging) {
    return new OptimizerConfig(
        arguments.get(RATE).floatValue(), WARMUP, Decay.COSINE, 0, 1, (float) averaging);
  }

  static TrainingBudget budget(Arguments arguments) {
    return budget(arguments.find(MINUTES), arguments.get(STEPS));
  }

  static TrainingBudget budget(Optional<Integer> minutes, long steps) {
    return minutes
        .map(limit -> new TrainingBudget(steps, 60L * limit))
        .orElseGet(() -> TrainingBudget.ofSteps(steps));
  }

  /**
   * How a training ended, said to its user.
   *
   * @param ended why: goal, steps, time or interrupted
   * @param steps steps done in all
   * @param images images trained on
   * @param broken images skipped
   * @param run the run's folder
   */
  record TrainingEnd(String ended, long steps, int images, int broken, Path run) {

    /**
     * Prints it.
     *
     * @throws InterruptedException if the training was interrupted
     */
    static void report(TrainingEnd end, Terminal terminal) throws InterruptedException {
      if (end.ended.equals("interrupted")) {
        throw new InterruptedException(
            "the run in "
                + end.run
                + " stopped after step "
                + end.steps
                + " and goes on when the same command is given again");
      }
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%d steps in %s on %d images (%d broken ones skipped)%s%n",
              end.steps,
              end.run,
              end.images,
              end.broken,
              end.ended.equals("time")
                  ? "; the time is over: give the same command again to go on"
                  : "");
    }
  }
}

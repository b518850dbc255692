package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import java.nio.file.Path;
import java.util.List;

/** The options that all commands share which generate images. */
public final class SamplingOptions {

  public static final Opt<Integer> COUNT = Opt.integer("count", "number of images", 1).or(16);
  public static final Opt<Integer> STEPS =
      Opt.integer("steps", "sampler steps; default: the model's", 1);
  public static final Opt<String> SAMPLER =
      Opt.choice("sampler", "how a step is taken; default: the model's", SamplerKind.labels());
  public static final Opt<Long> SEED =
      Opt.wide("seed", "S", "seed of the first image; image i is made from S + i alone").or(0L);
  public static final Opt<Integer> BATCH =
      Opt.integer("batch", "images computed together; changes memory and speed, not the images", 1)
          .or(16);
  public static final Opt<String> PROTECT =
      Opt.choice(
              "protect",
              "whether training images are guarded; off is for comparisons: such images may be"
                  + " copies of training images",
              List.of("on", "off"))
          .or("on");
  public static final Opt<String> DEVICE =
      Opt.of(
              "device",
              "cpu|cuda|cuda:N|auto",
              "where the networks run; auto takes CUDA where it works and says so if it does not",
              SamplingOptions::device)
          .or("cpu");
  public static final Opt<Path> OUT =
      Opt.path("out", "DIR", "folder for the images, made where missing").required();

  /** File name of the images side by side, which is no image of its own. */
  public static final String SHEET = "contact-sheet.png";

  /** What a command that samples takes where an option is not given. */
  public static final String MODELS_DEFAULT = "; default: the model's";

  public static final Opt<Double> ETA =
      Opt.decimal(
          "eta",
          "E",
          "share of fresh noise in a DDIM step" + MODELS_DEFAULT,
          e -> e >= 0 && e <= 1,
          "a number in [0, 1]");
  public static final Opt<Double> ALPHA = ProtectionOptions.ALPHA.noted(MODELS_DEFAULT);
  public static final Opt<Double> SCALE = ProtectionOptions.SCALE.noted(MODELS_DEFAULT);

  private SamplingOptions() {}

  public static boolean protect(Arguments arguments) {
    return arguments.get(PROTECT).equals("on");
  }

  private static String device(String text) {
    if (!text.matches("cpu|auto|cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "expected cpu, cuda, cuda:N or auto, found '" + text + "'");
    }
    return text;
  }
}

package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import java.util.Optional;

/** The options that say what images shall show. */
public final class ConditionOptions {

  public static final Opt<Integer> LABEL =
      Opt.integer("class", "class to generate, for class-conditional models", 0);
  public static final Opt<Integer> NULL_CLASS =
      Opt.integer(
          "null-class",
          "class that stands for none, for --guidance-scale with class-conditional models; default:"
              + " the model's",
          0);
  public static final Opt<String> PROMPT =
      Opt.text("prompt", "TEXT", "what the images shall show, for text-conditioned models");
  public static final Opt<String> NEGATIVE_PROMPT =
      Opt.text("negative-prompt", "TEXT", "what they shall not show; default: the empty text");
  public static final Opt<Double> GUIDANCE_SCALE =
      Opt.decimal(
          "guidance-scale",
          "W",
          "weight of prompt or class against none; 1 is prompt or class alone; default: 7.5 with a"
              + " prompt, else 1",
          w -> w >= 0 && w <= 1000,
          "a number in [0, 1000]");
  public static final Opt<Double> GUIDANCE_RESCALE =
      Opt.decimal(
          "guidance-rescale",
          "R",
          "how far guided predictions are brought back to the spread of unguided ones; default: 0",
          r -> r >= 0 && r <= 1,
          "a number in [0, 1]");

  private ConditionOptions() {}

  public static SampleRequest apply(Arguments arguments, SampleRequest plain) {
    Conditioning conditioning = Conditioning.NONE;
    Optional<String> prompt = arguments.find(PROMPT);
    if (prompt.isPresent()) {
      conditioning = conditioning.withPrompt(prompt.get());
    }
    Optional<String> negative = arguments.find(NEGATIVE_PROMPT);
    if (negative.isPresent()) {
      conditioning = conditioning.withNegativePrompt(negative.get());
    }
    Optional<Double> scale = arguments.find(GUIDANCE_SCALE);
    if (scale.isPresent()) {
      conditioning = conditioning.withGuidanceScale(scale.get());
    }
    Optional<Double> rescale = arguments.find(GUIDANCE_RESCALE);
    if (rescale.isPresent()) {
      conditioning = conditioning.withGuidanceRescale(rescale.get());
    }
    Optional<Integer> nullClass = arguments.find(NULL_CLASS);
    if (nullClass.isPresent()) {
      conditioning = conditioning.withNullClass(nullClass.get());
    }
    SampleRequest request = plain.withConditioning(conditioning);
    Optional<Integer> label = arguments.find(LABEL);
    return label.isPresent() ? request.withClassLabel(label.get()) : request;
  }
}

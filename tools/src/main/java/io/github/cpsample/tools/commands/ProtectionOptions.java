package io.github.cpsample.tools.commands;

import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import java.util.List;

/** The options that say how samples are protected. */
final class ProtectionOptions {

  static final Opt<Double> ALPHA =
      Opt.decimal(
          "alpha",
          "A",
          "a step is guarded when the classifier is more certain than 1 - A; 0.5 guards always",
          a -> a > 0 && a <= 0.5,
          "a number in (0, 0.5]");
  static final Opt<Double> SCALE =
      Opt.decimal(
          "scale", "S", "how strong guarded steps are pushed", s -> s >= 0, "a number >= 0");
  static final Opt<String> GATE =
      Opt.choice(
          "gate",
          "which steps are guarded: code by the mean certainty of all bits, paper by the one bit of"
              + " a classifier with one bit",
          List.of("code", "paper"));
  static final Opt<String> FORCE =
      Opt.choice(
          "force",
          "which way: towards the opposite of what was recognised, or away from it (needs a scale"
              + " about 1/A times larger)",
          List.of("opposite-label", "own-label"));
  static final Opt<TimestepRange> GUARDED =
      Opt.of(
          "guarded", "FROM-TO", "timesteps at which the classifier is asked", TimestepRange::parse);

  /** The options of a new model, with the defaults of the models that come with the tool. */
  static final List<Opt<?>> OF_NEW_MODEL =
      List.of(
          NewModel.GATE,
          NewModel.FORCE,
          NewModel.ALPHA,
          NewModel.SCALE,
          GUARDED.noted("; default: up to T/2"));

  private ProtectionOptions() {}

  /** The same options with defaults. */
  private static final class NewModel {
    private static final Opt<Double> ALPHA = ProtectionOptions.ALPHA.or(0.07);
    private static final Opt<Double> SCALE = ProtectionOptions.SCALE.or(120.0);
    private static final Opt<String> GATE = ProtectionOptions.GATE.or("code");
    private static final Opt<String> FORCE = ProtectionOptions.FORCE.or("opposite-label");
  }

  /** Reads the options of a new model. */
  static ProtectionSettings ofNewModel(Arguments arguments, int trainTimesteps) {
    TimestepRange guarded =
        arguments.find(GUARDED).orElse(new TimestepRange(0, trainTimesteps / 2));
    return ProtectionSettings.of(
        arguments.get(NewModel.GATE),
        arguments.get(NewModel.FORCE),
        arguments.get(NewModel.ALPHA),
        arguments.get(NewModel.SCALE),
        guarded.first(),
        guarded.last());
  }
}

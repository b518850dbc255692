package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.tools.cli.Opt;

/** A model as a command line names it: one that comes with the tool, or a bundle's path. */
public final class ModelArgument {

  private static final Opt<String> ANY =
      Opt.text(
          "model",
          "NAME|DIR|ZIP",
          "a model that comes with the tool, for instance fashion-mnist, or a bundle");

  public static final Opt<String> MODEL = ANY.required();

  /** The same, where a model that comes with the tool is taken unless another is named. */
  public static final Opt<String> MODEL_OR_SHIPPED = ANY.or("fashion-mnist");

  private ModelArgument() {}
}

package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.tools.cli.Opt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

  /**
   * Opens a model. A name goes before a path; write {@code ./name} for a folder of that name.
   *
   * @return an open bundle, which the caller closes
   */
  public static ModelBundle open(String model) throws IOException {
    List<String> names = ModelBundle.names();
    if (names.contains(model)) {
      return ModelBundle.named(model);
    }
    if (!Files.exists(Path.of(model))) {
      throw new IOException(
          "model: expected the path of a bundle or a name out of "
              + names
              + ", found '"
              + model
              + "'; check the path, or make a bundle with 'cpsample export'");
    }
    return ModelBundle.open(Path.of(model));
  }
}

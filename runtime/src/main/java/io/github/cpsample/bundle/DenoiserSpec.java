package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.PredictionType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The denoiser's file, its tensors and what it predicts. Immutable.
 *
 * @param file name of the file
 * @param signature its inputs and outputs
 * @param predictionType what it predicts
 * @param classes number of class labels; 0 for an unconditional model
 * @param variance what the second half of its output channels means: learned or learned_range;
 *     empty for a denoiser without a learned variance
 * @param dataFiles names of the files that hold its constants beside {@code file}, mostly none
 */
public record DenoiserSpec(
    String file,
    DenoiserSignature signature,
    PredictionType predictionType,
    int classes,
    Optional<DdpmConfig.Variance> variance,
    List<String> dataFiles) {
  /** Name of the class label input of the conditional denoisers that this project exports. */
  public static final String LABEL_INPUT = "label";

  public DenoiserSpec {
    ManifestChecks.filled("denoiser.file", file);
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(predictionType, "predictionType");
    Checks.atLeast("denoiser.classes", classes, 0);
    if (signature.label().isPresent() != classes > 0) {
      throw new IllegalArgumentException(
          "denoiser.classes: expected "
              + (classes > 0
                  ? "0 for a denoiser without an input for labels"
                  : "the number of classes of the input "
                      + signature.label().map(TensorPort::name).orElse(""))
              + ", found "
              + classes);
    }
    if (variance.isPresent() != signature.learnsVariance()) {
      throw new IllegalArgumentException(
          "denoiser.variance: expected "
              + (variance.isPresent() ? "none for " : "learned or learned_range for ")
              + signature.output().describe()
              + ", found "
              + variance.map(DdpmConfig.Variance::jsonName).orElse("none"));
    }
    dataFiles = List.copyOf(dataFiles);
  }

  /**
   * A denoiser whose tensors look like those that this project exports.
   *
   * @param file name of the file
   * @param input name of the image input
   * @param timestep name of the timestep input
   * @param output name of the prediction
   * @param predictionType what it predicts
   * @param classes number of class labels; 0 for an unconditional model
   */
  public DenoiserSpec(
      String file,
      String input,
      String timestep,
      String output,
      PredictionType predictionType,
      int classes) {
    this(
        file,
        usual(input, timestep, output, classes),
        predictionType,
        classes,
        Optional.empty(),
        List.of());
  }

  /**
   * A denoiser with the names that this project exports: {@code denoiser.onnx}, x, t, prediction.
   *
   * @param predictionType what it predicts
   * @param classes number of class labels; 0 for an unconditional model
   * @return the description
   */
  public static DenoiserSpec of(PredictionType predictionType, int classes) {
    return new DenoiserSpec("denoiser.onnx", "x", "t", "prediction", predictionType, classes);
  }

  /**
   * Name of the image input.
   *
   * @return the signature's
   */
  public String input() {
    return signature.input().name();
  }

  /**
   * Name of the timestep input.
   *
   * @return the signature's
   */
  public String timestep() {
    return signature.timestep().name();
  }

  /**
   * Name of the prediction.
   *
   * @return the signature's
   */
  public String output() {
    return signature.output().name();
  }

  /**
   * Whether everything is as {@link #DenoiserSpec(String, String, String, String, PredictionType,
   * int)} makes it.
   *
   * @return true if the names are all that has to be said about the tensors
   */
  public boolean isUsual() {
    return dataFiles.isEmpty()
        && variance.isEmpty()
        && signature.equals(usual(input(), timestep(), output(), classes));
  }

  private static DenoiserSignature usual(
      String input, String timestep, String output, int classes) {
    ManifestChecks.filled("denoiser.input", input);
    ManifestChecks.filled("denoiser.timestep", timestep);
    ManifestChecks.filled("denoiser.output", output);
    return DenoiserSignature.usual(input, timestep, output, classes > 0);
  }
}

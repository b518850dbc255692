package io.github.cpsample.bundle;

import io.github.cpsample.diffusion.PredictionType;
import java.util.Objects;

/**
 * The denoiser's file, its tensors and what it predicts. Input x float [N,C,H,W], timestep float
 * [N], and, for a conditional model, {@link #LABEL_INPUT} int64 [N]; output float [N,C,H,W].
 *
 * @param file name of the file
 * @param input name of the image input
 * @param timestep name of the timestep input
 * @param output name of the prediction
 * @param predictionType what it predicts
 * @param classes number of class labels; 0 for an unconditional model
 */
public record DenoiserSpec(
    String file,
    String input,
    String timestep,
    String output,
    PredictionType predictionType,
    int classes) {
  /** Name of the class label input of a conditional denoiser. */
  public static final String LABEL_INPUT = "label";

  /**
   * Refuses missing names and unknown kinds.
   *
   * @param file as the component says
   * @param input as the component says
   * @param timestep as the component says
   * @param output as the component says
   * @param predictionType as the component says
   * @param classes as the component says
   */
  public DenoiserSpec {
    ManifestChecks.filled("denoiser.file", file);
    ManifestChecks.filled("denoiser.input", input);
    ManifestChecks.filled("denoiser.timestep", timestep);
    ManifestChecks.filled("denoiser.output", output);
    Objects.requireNonNull(predictionType, "predictionType");
    ManifestChecks.atLeast("denoiser.classes", classes, 0);
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
}

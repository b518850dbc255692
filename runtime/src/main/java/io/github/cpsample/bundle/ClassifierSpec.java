package io.github.cpsample.bundle;

/**
 * The memorising classifier's file and tensors. Input x float [N,C,H,W], timestep float [N]; output
 * float [N,K].
 *
 * @param file name of the file
 * @param input name of the image input
 * @param timestep name of the timestep input
 * @param output name of the logits
 * @param bits K, the number of bits of the code; 1 is the paper's classifier
 */
public record ClassifierSpec(String file, String input, String timestep, String output, int bits) {
  /**
   * Refuses missing names and an empty code.
   *
   * @param file as the component says
   * @param input as the component says
   * @param timestep as the component says
   * @param output as the component says
   * @param bits as the component says
   */
  public ClassifierSpec {
    ManifestChecks.filled("classifier.file", file);
    ManifestChecks.filled("classifier.input", input);
    ManifestChecks.filled("classifier.timestep", timestep);
    ManifestChecks.filled("classifier.output", output);
    ManifestChecks.atLeast("classifier.bits", bits, 1);
  }

  /**
   * A classifier with the names that this project exports: {@code classifier.onnx}, x, t, logits.
   *
   * @param bits K, the number of bits of the code
   * @return the description
   */
  public static ClassifierSpec of(int bits) {
    return new ClassifierSpec("classifier.onnx", "x", "t", "logits", bits);
  }
}

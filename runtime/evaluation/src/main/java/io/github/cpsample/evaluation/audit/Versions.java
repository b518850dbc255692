package io.github.cpsample.evaluation.audit;

import io.github.cpsample.inference.InferenceSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** With what images are made and measured in this process. */
final class Versions {

  private Versions() {}

  /** Name and version of the tool, Java, ONNX Runtime and the operating system. */
  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put(
        "cpsample",
        Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)"));
    versions.put("java", Runtime.version().toString());
    versions.put("onnxruntime", InferenceSession.runtimeVersion());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }
}

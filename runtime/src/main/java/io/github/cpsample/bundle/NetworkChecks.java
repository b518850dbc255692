package io.github.cpsample.bundle;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.ValueInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the inputs and outputs of a bundle's networks with what its manifest says. */
final class NetworkChecks {
  private static final Dim BATCH = Dim.symbolic("N");

  private NetworkChecks() {}

  static void check(String source, Manifest manifest, Map<String, byte[]> files) {
    ImageShape image = manifest.sampled();
    Shape images =
        Shape.of(BATCH, Dim.of(image.channels()), Dim.of(image.height()), Dim.of(image.width()));
    Shape rows = Shape.of(BATCH);
    DenoiserSpec denoiser = manifest.denoiser();
    Map<String, ValueInfo> inputs = new LinkedHashMap<>();
    put(inputs, denoiser.input(), ElementType.FLOAT, images);
    put(inputs, denoiser.timestep(), ElementType.FLOAT, rows);
    if (denoiser.classes() > 0) {
      put(inputs, DenoiserSpec.LABEL_INPUT, ElementType.INT64, rows);
    }
    ValueInfo prediction = ValueInfo.of(denoiser.output(), ElementType.FLOAT, images);
    check(source + ", file " + denoiser.file(), files.get(denoiser.file()), inputs, prediction);

    ClassifierSpec classifier = manifest.classifier();
    inputs.clear();
    put(inputs, classifier.input(), ElementType.FLOAT, images);
    put(inputs, classifier.timestep(), ElementType.FLOAT, rows);
    ValueInfo logits =
        ValueInfo.of(
            classifier.output(), ElementType.FLOAT, Shape.of(BATCH, Dim.of(classifier.bits())));
    check(source + ", file " + classifier.file(), files.get(classifier.file()), inputs, logits);
  }

  private static void put(
      Map<String, ValueInfo> inputs, String name, ElementType type, Shape shape) {
    inputs.put(name, ValueInfo.of(name, type, shape));
  }

  private static void check(
      String source, byte[] model, Map<String, ValueInfo> inputs, ValueInfo output) {
    Graph graph = graph(source, model);
    List<ValueInfo> found = graph.requiredInputs();
    List<String> names = found.stream().map(ValueInfo::name).sorted().toList();
    if (!names.equals(inputs.keySet().stream().sorted().toList())) {
      throw new BundleException(
          source + ": expected the inputs " + inputs.keySet() + ", found " + names);
    }
    for (ValueInfo input : found) {
      compare(source + ", input ", inputs.get(input.name()), input);
    }
    Optional<ValueInfo> declared =
        graph.outputs().stream().filter(value -> value.name().equals(output.name())).findFirst();
    if (declared.isEmpty()) {
      throw new BundleException(
          source
              + ": expected an output "
              + output.name()
              + ", found "
              + graph.outputs().stream().map(ValueInfo::name).toList());
    }
    compare(source + ", output ", output, declared.get());
  }

  private static Graph graph(String source, byte[] model) {
    try {
      return OnnxCodec.read(model).graph();
    } catch (IllegalArgumentException e) {
      throw new BundleException(source + ": expected an ONNX model: " + e.getMessage(), e);
    }
  }

  private static void compare(String source, ValueInfo expected, ValueInfo found) {
    if (found.type() != expected.type()
        || !found.shape().map(shape -> fits(expected.shape().orElseThrow(), shape)).orElse(true)) {
      throw new BundleException(
          source
              + expected.name()
              + ": expected "
              + describe(expected)
              + ", found "
              + describe(found)
              + "; the manifest and the network do not belong together");
    }
  }

  /** Fixed lengths must agree; the rows must be free. */
  private static boolean fits(Shape expected, Shape found) {
    boolean fits = expected.rank() == found.rank();
    for (int axis = 0; fits && axis < expected.rank(); axis++) {
      Dim dim = found.dim(axis);
      fits = axis == 0 ? !dim.isFixed() : !dim.isFixed() || dim.equals(expected.dim(axis));
    }
    return fits;
  }

  private static String describe(ValueInfo value) {
    return value.type() + value.shape().map(Shape::toString).orElse("[?]");
  }
}

package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.ModelHeader;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.ValueInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares the inputs and outputs of a bundle's networks with what its manifest says. */
final class NetworkChecks {
  private NetworkChecks() {}

  static void check(String source, Manifest manifest, Map<String, BundleContent> files) {
    DenoiserSpec denoiser = manifest.denoiser();
    denoiser(source, manifest, denoiser.file(), denoiser.dataFiles(), files);
    manifest
        .pipeline()
        .fallback()
        .ifPresent(file -> denoiser(source, manifest, file, List.of(), files));

    Manifest.Classifier classifier = manifest.classifier();
    String where = source + ", file " + classifier.file();
    ModelHeader header = header(where, Checks.entry(files, classifier.file()));
    requireDataFiles(where, List.of(), header.dataFiles());
    long free = TensorPort.FREE;
    TensorPort images =
        TensorPort.of(classifier.input(), ElementType.FLOAT, free, free, free, free);
    check(
        where,
        header,
        List.of(
            shaped(images, manifest.sampled(), 1),
            TensorPort.of(classifier.timestep(), ElementType.FLOAT, free)),
        TensorPort.of(classifier.output(), ElementType.FLOAT, free, classifier.bits()));
  }

  /** A denoiser has the tensors that the manifest says of it; so has its fallback. */
  private static void denoiser(
      String source,
      Manifest manifest,
      String file,
      List<String> dataFiles,
      Map<String, BundleContent> files) {
    ImageShape image = manifest.sampled();
    DenoiserSignature signature = manifest.denoiser().signature();
    String where = source + ", file " + file;
    ModelHeader header = header(where, Checks.entry(files, file));
    requireDataFiles(where, dataFiles, header.dataFiles());
    List<TensorPort> inputs =
        signature.inputs().stream()
            .map(port -> port.equals(signature.input()) ? shaped(port, image, 1) : port)
            .toList();
    int multiple = signature.learnsVariance() ? 2 : 1;
    check(where, header, inputs, shaped(signature.output(), image, multiple));
  }

  /** Images of any number, in the shape of the manifest. */
  private static TensorPort shaped(TensorPort port, ImageShape image, int multiple) {
    return TensorPort.of(
        port.name(),
        port.type(),
        port.sizes().get(0),
        (long) multiple * image.channels(),
        image.height(),
        image.width());
  }

  private static void requireDataFiles(String source, List<String> expected, List<String> found) {
    if (!expected.stream().sorted().toList().equals(found.stream().sorted().toList())) {
      throw new BundleException(
          source
              + ": expected constants in "
              + (expected.isEmpty() ? "the model itself" : "the files " + expected)
              + ", found them in "
              + found);
    }
  }

  private static void check(
      String source, ModelHeader model, List<TensorPort> inputs, TensorPort output) {
    List<ValueInfo> found = model.inputs();
    List<String> names = found.stream().map(ValueInfo::name).sorted().toList();
    List<String> expected = inputs.stream().map(TensorPort::name).sorted().toList();
    if (!names.equals(expected)) {
      throw new BundleException(source + ": expected the inputs " + expected + ", found " + names);
    }
    for (TensorPort input : inputs) {
      ValueInfo declared =
          found.stream()
              .filter(value -> value.name().equals(input.name()))
              .findFirst()
              .orElseThrow();
      compare(source + ", input ", input, declared);
    }
    ValueInfo declared =
        model
            .output(output.name())
            .orElseThrow(
                () ->
                    new BundleException(
                        source
                            + ": expected an output "
                            + output.name()
                            + ", found "
                            + model.outputs().stream().map(ValueInfo::name).toList()));
    compare(source + ", output ", output, declared);
  }

  private static ModelHeader header(String source, BundleContent model) {
    try (InputStream in = model.open()) {
      return ModelHeader.read(in, "in it");
    } catch (IOException | IllegalArgumentException e) {
      throw new BundleException(source + ": expected an ONNX model: " + e.getMessage(), e);
    }
  }

  private static void compare(String source, TensorPort expected, ValueInfo found) {
    if (found.type() != expected.type()
        || !found.shape().map(shape -> fits(expected, shape)).orElse(true)) {
      throw new BundleException(
          source
              + expected.name()
              + ": expected "
              + expected.describe()
              + ", found "
              + describe(found)
              + "; the manifest and the network do not belong together");
    }
  }

  /** Fixed lengths must agree; rows that the manifest leaves free must be free. */
  private static boolean fits(TensorPort expected, Shape found) {
    boolean fits = expected.rank() == found.rank();
    for (int axis = 0; fits && axis < expected.rank(); axis++) {
      Dim dim = found.dim(axis);
      fits = !dim.isFixed() || (expected.isFixed(axis) && dim.size() == expected.sizes().get(axis));
    }
    return fits;
  }

  private static String describe(ValueInfo value) {
    String sizes = value.shape().map(Shape::toString).orElse("[?]");
    return value.type().name().toLowerCase(Locale.ROOT) + sizes.replace(" ", "");
  }
}

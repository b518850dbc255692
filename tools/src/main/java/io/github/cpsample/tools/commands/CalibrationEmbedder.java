package io.github.cpsample.tools.commands;

import io.github.cpsample.evaluation.embedding.Embedder;
import io.github.cpsample.evaluation.embedding.EmbedderSpec;
import io.github.cpsample.evaluation.embedding.OnnxEmbedder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.training.BuiltInEmbedder;
import java.io.IOException;
import java.util.Optional;

/**
 * In what a calibration compares quality; open.
 *
 * @param embedder empty for pixels alone
 */
record CalibrationEmbedder(Optional<Embedder> embedder) implements AutoCloseable {

  static final Opt<EmbedderSpec> EMBEDDER =
      Opt.of(
          "embedder",
          EmbedderSpec.SYNTAX,
          "an ONNX file in whose features, at most 512, quality is compared besides pixels; default:"
              + " the built-in embedder for 1x28x28, none for other images",
          EmbedderSpec::parse);

  /** Intervals of Frechet distances take hundreds of decompositions of this size. */
  private static final int MOST_FEATURES = 512;

  static CalibrationEmbedder open(Arguments arguments, ImageShape shape) throws IOException {
    Optional<EmbedderSpec> spec = arguments.find(EMBEDDER);
    if (spec.isPresent()) {
      Device device = Device.parse(arguments.get(SamplingOptions.DEVICE));
      Embedder opened = OnnxEmbedder.open(spec.get(), shape, ResolvedDevice.of(device));
      if (opened.dimension() > MOST_FEATURES) {
        opened.close();
        throw new IllegalArgumentException(
            "--embedder: expected at most "
                + MOST_FEATURES
                + " features, found "
                + opened.dimension()
                + "; measure quality in them with 'cpsample audit' afterwards");
      }
      return new CalibrationEmbedder(Optional.of(opened));
    }
    return new CalibrationEmbedder(
        BuiltInEmbedder.fits(shape) ? Optional.of(BuiltInEmbedder.open()) : Optional.empty());
  }

  @Override
  public void close() {
    embedder.ifPresent(Embedder::close);
  }
}

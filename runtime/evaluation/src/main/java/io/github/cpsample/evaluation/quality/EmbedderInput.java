package io.github.cpsample.evaluation.quality;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.TensorSpec;
import io.github.cpsample.inference.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The one input of an embedder, as its file and the user's words tell.
 *
 * @param name of the tensor
 * @param type float, float16 or double
 * @param layout of the images
 * @param shape of the images that the network takes
 * @param batch how many images it takes together; empty where that is free
 */
record EmbedderInput(
    String name, TensorType type, Layout layout, ImageShape shape, OptionalInt batch) {

  private static final int AXES = 4;
  private static final List<TensorType> TYPES =
      List.of(TensorType.FLOAT, TensorType.FLOAT16, TensorType.DOUBLE);

  /**
   * Detects it.
   *
   * @param spec what the user says
   * @param inputs that the file declares
   * @param images shape of the images that are to be embedded
   * @throws IllegalArgumentException saying what was found and which key tells what is missing
   */
  static EmbedderInput detect(EmbedderSpec spec, List<TensorSpec> inputs, ImageShape images) {
    Refusal refusal = new Refusal(spec.file());
    if (inputs.size() != 1) {
      throw refusal.because("one input, the images", describe(inputs));
    }
    TensorSpec input = inputs.get(0);
    if (input.dimensions().size() != AXES || !TYPES.contains(input.type())) {
      throw refusal.because(
          "an input of 4 axes of float, float16 or double numbers", describe(inputs));
    }
    Layout layout = layout(spec, input, refusal);
    Optional<InceptionInput> inception = spec.range().flatMap(Preprocessing::inception);
    int channels = channels(input, layout, inception, images, refusal);
    int height = side(spec, input, layout.heightAxis(), inception, images.height(), refusal);
    int width = side(spec, input, layout.widthAxis(), inception, images.width(), refusal);
    return new EmbedderInput(
        input.name(),
        input.type(),
        layout,
        new ImageShape(channels, height, width),
        fixed(input, 0));
  }

  /** The declared tensors for people. */
  static String describe(List<TensorSpec> tensors) {
    return String.join(", ", tensors.stream().map(it -> it.name() + " " + it.describe()).toList());
  }

  private static Layout layout(EmbedderSpec spec, TensorSpec input, Refusal refusal) {
    if (spec.layout().isPresent()) {
      return spec.layout().get();
    }
    boolean first = isChannels(fixed(input, Layout.NCHW.channelAxis()));
    boolean last = isChannels(fixed(input, Layout.NHWC.channelAxis()));
    if (first == last) {
      throw refusal.because(
          "1 or 3 channels on the second or on the last axis, or layout=nchw or layout=nhwc",
          input.name() + " " + input.describe());
    }
    return first ? Layout.NCHW : Layout.NHWC;
  }

  private static int channels(
      TensorSpec input,
      Layout layout,
      Optional<InceptionInput> inception,
      ImageShape images,
      Refusal refusal) {
    OptionalInt declared = fixed(input, layout.channelAxis());
    int usual = inception.isPresent() ? InceptionInput.SHAPE.channels() : images.channels();
    int channels = declared.orElse(usual);
    boolean fits =
        isChannels(OptionalInt.of(channels)) && (inception.isEmpty() || channels == usual);
    if (!fits) {
      String expected = inception.isPresent() ? "3 channels" : "1 or 3 channels";
      throw refusal.because(
          expected + " with layout " + layout.label(), input.name() + " " + input.describe());
    }
    return channels;
  }

  private static int side(
      EmbedderSpec spec,
      TensorSpec input,
      int axis,
      Optional<InceptionInput> inception,
      int imageSide,
      Refusal refusal) {
    OptionalInt declared = fixed(input, axis);
    OptionalInt told =
        inception.isPresent() ? OptionalInt.of(InceptionInput.SHAPE.height()) : spec.size();
    boolean contradicted =
        spec.size().isPresent() && !spec.size().equals(declared.isPresent() ? declared : told);
    if (contradicted
        || (declared.isPresent() && told.isPresent() && declared.getAsInt() != told.getAsInt())) {
      throw refusal.because(
          "images of "
              + (inception.isPresent() ? told.getAsInt() : spec.size().orElseThrow())
              + " rows and columns, as size and range say",
          input.name() + " " + input.describe());
    }
    return declared.orElse(told.orElse(imageSide));
  }

  private static boolean isChannels(OptionalInt count) {
    return count.isPresent() && (count.getAsInt() == 1 || count.getAsInt() == 3);
  }

  private static OptionalInt fixed(TensorSpec tensor, int axis) {
    long length = tensor.dimensions().get(axis);
    return length > 0 ? OptionalInt.of(Math.toIntExact(length)) : OptionalInt.empty();
  }
}

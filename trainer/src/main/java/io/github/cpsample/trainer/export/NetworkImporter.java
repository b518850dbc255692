package io.github.cpsample.trainer.export;

import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ParameterSpec;
import io.github.cpsample.trainer.network.ShapeOps;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.network.UNetConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads back what {@link NetworkExporter} wrote: the weights of a network by their names, bit by
 * bit, and the configuration of a U-Net, from which shapes its parameters have.
 */
public final class NetworkImporter {

  private final OnnxModel model;

  private NetworkImporter(OnnxModel model) {
    this.model = model;
  }

  /**
   * The weights of a network.
   *
   * @param model an exported model of this network, its weights in float32 or float16
   * @param network the network
   * @return its parameters, flat, as {@link NetworkExporter#export} takes them
   * @throws MalformedModelException if a parameter is missing or has another shape or type; the
   *     message names it
   */
  public static float[] weights(OnnxModel model, Network network) {
    return new NetworkImporter(model).weights(network);
  }

  /**
   * The configuration of a denoiser.
   *
   * @param model a model that {@link NetworkExporter} made of a {@link UNet}
   * @return the configuration
   * @throws MalformedModelException if it is no such model
   */
  public static UNetConfig denoiser(OnnxModel model) {
    NetworkImporter importer = new NetworkImporter(model);
    try {
      return importer.denoiser();
    } catch (MalformedModelException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw foreign(Checks.message(e), e);
    }
  }

  private float[] weights(Network network) {
    List<float[]> parts = new ArrayList<>();
    for (ParameterSpec spec : ShapeOps.describe(network).parameters()) {
      parts.add(values(spec));
    }
    float[] flat = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int end = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, flat, end, part.length);
      end += part.length;
    }
    return flat;
  }

  private float[] values(ParameterSpec spec) {
    Tensor tensor = model.graph().initializers().get(spec.name());
    if (tensor == null || !fits(spec, tensor.sizes())) {
      throw new MalformedModelException(
          "Parameter "
              + spec.name()
              + ": expected shape "
              + spec.shape()
              + ", found "
              + (tensor == null ? "no such parameter" : Arrays.toString(tensor.sizes())));
    }
    try {
      return HalfPrecision.floats(tensor);
    } catch (MalformedModelException e) {
      throw new MalformedModelException(
          "Parameter " + spec.name() + ": expected float32 or float16, found " + tensor.type(), e);
    }
  }

  /** The same shape, or that of a matrix which was exported as a convolution of one pixel. */
  private static boolean fits(ParameterSpec spec, long[] found) {
    long[] expected = IntStream.of(spec.dimensions()).asLongStream().toArray();
    boolean pixel = expected.length == 2 && found.length == 4 && found[2] == 1 && found[3] == 1;
    return Arrays.equals(expected, pixel ? Arrays.copyOf(found, 2) : found);
  }

  private UNetConfig denoiser() {
    int[] image = imageShape();
    int patch = patch(image[0]);
    List<Integer> widths = new ArrayList<>();
    List<Integer> attention = new ArrayList<>();
    int blocks = 0;
    while (has("down." + widths.size() + ".0.conv0.weight")) {
      String level = "down." + widths.size() + ".";
      if (has(level + "0.attention.gamma")) {
        attention.add((image[1] / patch) >> widths.size());
      }
      blocks = count(level, ".conv0.weight");
      widths.add(size(level + "0.conv0.weight", 0));
    }
    int classes = has("label.table") ? size("label.table", 0) : 0;
    return new UNetConfig(
        image[0],
        image[1],
        image[2],
        patch,
        widths,
        blocks,
        attention,
        size("time.0.weight", 0),
        groups(),
        classes);
  }

  private int[] imageShape() {
    Shape shape =
        model.graph().inputs().stream()
            .filter(input -> input.name().equals(NetworkExporter.X))
            .findFirst()
            .flatMap(ValueInfo::shape)
            .filter(s -> s.rank() == 4 && IntStream.range(1, 4).allMatch(i -> s.dim(i).isFixed()))
            .orElseThrow(() -> foreign("no input x of images of one size"));
    return IntStream.range(1, 4).map(axis -> Math.toIntExact(shape.dim(axis).size())).toArray();
  }

  /** Blocks of patch x patch pixels enter as channels. */
  private int patch(int channels) {
    int stem = size("stem.weight", 1);
    int patch = (int) Math.round(Math.sqrt((double) stem / channels));
    if (patch * patch * channels != stem) {
      throw foreign(stem + " channels of the first convolution for " + channels);
    }
    return patch;
  }

  private int count(String prefix, String suffix) {
    int count = 0;
    while (has(prefix + count + suffix)) {
      count++;
    }
    return count;
  }

  /** Group normalisation is exported as instance normalisation; attention has a single group. */
  private int groups() {
    return model.graph().nodes().stream()
        .filter(node -> node.operator().equals("InstanceNormalization"))
        .mapToInt(node -> size(node.inputs().get(1), 0))
        .max()
        .orElseThrow(() -> foreign("no normalisation"));
  }

  private boolean has(String name) {
    return model.graph().initializers().containsKey(name);
  }

  private int size(String name, int axis) {
    Tensor tensor = model.graph().initializers().get(name);
    if (tensor == null || tensor.sizes().length <= axis) {
      throw foreign("no parameter " + name);
    }
    return Math.toIntExact(tensor.sizes()[axis]);
  }

  private static MalformedModelException foreign(String found) {
    return new MalformedModelException(foreignText(found));
  }

  private static MalformedModelException foreign(String found, Throwable cause) {
    return new MalformedModelException(foreignText(found), cause);
  }

  private static String foreignText(String found) {
    return "expected a denoiser that cpsample trained and exported, found a network of another kind ("
        + found
        + "); its weights cannot be trained here";
  }
}

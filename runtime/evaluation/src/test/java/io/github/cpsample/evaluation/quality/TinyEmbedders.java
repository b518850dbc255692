package io.github.cpsample.evaluation.quality;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** ONNX files whose features can be computed by hand: means over all pixels, per channel. */
public final class TinyEmbedders {

  private TinyEmbedders() {}

  /** The length of an axis; -1 for a free one. */
  private static Dim dim(long length, String symbol) {
    return length < 0 ? Dim.symbolic(symbol) : Dim.of(length);
  }

  /** Shape of an input or output; -1 for free axes, whose names differ. */
  public static Shape shape(long... lengths) {
    Dim[] dims = new Dim[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      dims[i] = dim(lengths[i], i == 0 ? "batch" : "axis" + i);
    }
    return Shape.of(dims);
  }

  /** Means over rows and columns of [N,C,H,W] images, as [N,C,1,1]. */
  public static byte[] pooled(ElementType type, Shape input, Shape output) {
    GraphBuilder g = new GraphBuilder("pooled", 17);
    Value x = g.input("pixels", type, input);
    g.output("pool", mean(g, x, 1, 2, 3), type, output);
    return OnnxCodec.toBytes(g.build());
  }

  /** Means of [N,C,H,W] or [N,H,W,C] images along two axes, as [N,C]. */
  public static byte[] means(Shape input, Shape output, long... axes) {
    GraphBuilder g = new GraphBuilder("means", 17);
    Value x = g.input("x", ElementType.FLOAT, input);
    g.output("features", mean(g, x, 0, axes), ElementType.FLOAT, output);
    return OnnxCodec.toBytes(g.build());
  }

  private static Value mean(GraphBuilder g, Value x, long keep, long... axes) {
    return g.node(
        "ReduceMean",
        List.of(x),
        Attribute.ints("axes", axes),
        Attribute.integer("keepdims", keep));
  }

  /** The pixels themselves, [N,C,H,W] to [N,C*H*W]. */
  public static byte[] pixels(Shape input, Shape output) {
    GraphBuilder g = new GraphBuilder("pixels", 17);
    Value x = g.input("x", ElementType.FLOAT, input);
    Value flat = g.node("Flatten", List.of(x), Attribute.integer("axis", 1));
    g.output("features", flat, ElementType.FLOAT, output);
    return OnnxCodec.toBytes(g.build());
  }

  /** Two outputs with vectors, and one with a map. */
  public static byte[] severalOutputs() {
    GraphBuilder g = new GraphBuilder("several", 17);
    Value x = g.input("x", ElementType.FLOAT, shape(-1, 1, 4, 4));
    Value mean = mean(g, x, 0, 2, 3);
    g.output("map", g.relu(x), ElementType.FLOAT, shape(-1, 1, 4, 4));
    g.output("mean", mean, ElementType.FLOAT, shape(-1, 1));
    g.output("negative", g.neg(mean), ElementType.FLOAT, shape(-1, 1));
    return OnnxCodec.toBytes(g.build());
  }

  /** Images and something else. */
  public static byte[] twoInputs() {
    GraphBuilder g = new GraphBuilder("two", 17);
    Value x = g.input("x", ElementType.FLOAT, shape(-1, 1, 4, 4));
    Value t = g.input("t", ElementType.FLOAT, shape(1));
    Value sum = g.add(mean(g, x, 0, 2, 3), t);
    g.output("features", sum, ElementType.FLOAT, shape(-1, 1));
    return OnnxCodec.toBytes(g.build());
  }

  /** Gives what is not finite. */
  public static byte[] broken() {
    GraphBuilder g = new GraphBuilder("broken", 17);
    Value x = g.input("x", ElementType.FLOAT, shape(-1, 1, 4, 4));
    Value root = g.sqrt(mean(g, x, 0, 2, 3));
    g.output("features", root, ElementType.FLOAT, shape(-1, 1));
    return OnnxCodec.toBytes(g.build());
  }

  /** Writes a file. */
  public static Path write(Path folder, String name, byte[] model) throws IOException {
    return Files.write(folder.resolve(name), model);
  }
}

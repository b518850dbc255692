package io.github.cpsample.trainer.export;

import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.trainer.network.ImageClassifier;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ShapeOps;
import io.github.cpsample.trainer.network.TensorShape;
import io.github.cpsample.trainer.training.Weights;
import java.util.Arrays;

/**
 * Writes a network with its weights as an ONNX model: inputs {@code x} float [N,C,H,W], {@code t}
 * float [N] where the network reads it, {@code label} int64 [N] where it has classes; one output; N
 * is dynamic.
 */
public final class NetworkExporter {

  /** The name of the image input. */
  public static final String X = "x";

  /** The name of the timestep input. */
  public static final String T = "t";

  /** The name of the class input. */
  public static final String LABEL = "label";

  private NetworkExporter() {}

  /**
   * Exports a network.
   *
   * @param network the network
   * @param weights its parameters, flat, not modified
   * @param graphName the name of the graph
   * @param output the name of the output
   * @return the model
   */
  public static OnnxModel export(
      Network network, float[] weights, String graphName, String output) {
    GraphBuilder graph = new GraphBuilder(graphName, OnnxOps.OPSET);
    Dim batch = Dim.symbolic("N");
    int[] image = network.imageShape();
    Shape imageShape = Shape.of(batch, Dim.of(image[0]), Dim.of(image[1]), Dim.of(image[2]));
    Value x = graph.input(X, ElementType.FLOAT, imageShape);
    Value t = network.timed() ? graph.input(T, ElementType.FLOAT, Shape.of(batch)) : null;
    Value label =
        network.classes() > 0 ? graph.input(LABEL, ElementType.INT64, Shape.of(batch)) : null;
    OnnxOps ops = new OnnxOps(graph, Weights.of(network).values(weights));
    Value result = network.apply(ops, new Network.Inputs<>(x, t, label));
    graph.output(output, result, ElementType.FLOAT, shape(ShapeOps.output(network), batch));
    return SpreadVectors.rewrite(graph.build());
  }

  /**
   * Exports a classifier of images as the embedder that it is without its last layer.
   *
   * @param classifier the classifier
   * @param weights its parameters, flat, not modified
   * @return [N,C,H,W] in [-1, 1] to [N,{@link ImageClassifier#featureWidth()}]
   */
  public static OnnxModel features(ImageClassifier classifier, float[] weights) {
    Network features = classifier.features();
    float[] own = Arrays.copyOf(weights, Weights.of(features).size());
    return export(features, own, "features", OnnxFeatures.OUTPUT);
  }

  private static Shape shape(TensorShape shape, Dim batch) {
    return Shape.of(
        shape.axes().stream()
            .map(axis -> axis == TensorShape.BATCH ? batch : Dim.of(axis))
            .toArray(Dim[]::new));
  }
}

package io.github.cpsample.sampling;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.nio.file.Path;
import java.util.Random;

/** A classifier whose logits are linear, {@code z_k = b_k + sum_i w_ki x_i}. */
final class LinearClassifier {
  private final int bits;
  private final double[][] w;
  private final double[] b;

  LinearClassifier(int bits, double size, double bias) {
    this.bits = bits;
    this.w = new double[bits][TinyModel.SHAPE.size()];
    this.b = new double[bits];
    Random random = new Random(40 + bits);
    for (int k = 0; k < bits; k++) {
      b[k] = (float) (bias * random.nextGaussian());
      for (int i = 0; i < w[k].length; i++) {
        w[k][i] = (float) (size * random.nextGaussian());
      }
    }
  }

  double[] w(int bit) {
    return w[bit].clone();
  }

  double logit(int bit, double[] x) {
    double sum = b[bit];
    for (int i = 0; i < x.length; i++) {
      sum += w[bit][i] * x[i];
    }
    return sum;
  }

  double certainty(double[] x) {
    double log = 0;
    for (int k = 0; k < bits; k++) {
      log -= Math.log1p(Math.exp(-Math.abs(logit(k, x)))) / bits;
    }
    return Math.exp(log);
  }

  ModelBundle open(Path folder) {
    GraphBuilder g = new GraphBuilder("classifier", 17);
    Dim rows = Dim.symbolic("N");
    int size = TinyModel.SHAPE.size();
    Value x = g.input("x", ElementType.FLOAT, Shape.of(rows, Dim.of(1), Dim.of(4), Dim.of(4)));
    Value t = g.input("t", ElementType.FLOAT, Shape.of(rows));
    float[] weights = new float[size * bits];
    float[] biases = new float[bits];
    for (int k = 0; k < bits; k++) {
      biases[k] = (float) b[k];
      for (int i = 0; i < size; i++) {
        weights[i * bits + k] = (float) w[k][i];
      }
    }
    Value flat = g.reshape(x, g.constant("flat", new long[] {-1, size}, 2));
    Value time = g.reshape(t, g.constant("time", new long[] {-1, 1}, 2));
    Value product = g.matMul(flat, g.constant("w", weights, size, bits));
    Value sum = g.add(product, g.constant("b", biases, bits));
    Value nothing = g.mul(time, g.constant("zero", new float[] {0}, 1));
    Value logits = g.add(sum, nothing);
    g.output("logits", logits, ElementType.FLOAT, Shape.of(rows, Dim.of(bits)));
    Path zip = folder.resolve("linear.zip");
    BundleWriter.of(new TinyModel(bits, 1).manifest(0))
        .file("denoiser.onnx", TinyModel.denoiser(0))
        .file("classifier.onnx", OnnxCodec.toBytes(g.build()))
        .toZip(zip);
    return ModelBundle.open(zip);
  }
}

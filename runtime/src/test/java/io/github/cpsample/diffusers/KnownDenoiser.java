package io.github.cpsample.diffusers;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
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
import java.util.Random;

/**
 * The perfect denoiser of a data set of one image c: it finds the noise {@code (x_t - sqrt(abar) c)
 * / sqrt(1 - abar)} with a table of abar, which fails beyond its last timestep, and predicts that
 * plus a little of {@code sqrt(abar) x_t}. The graph is written from these formulas alone.
 *
 * @param schedule the table
 * @param type what it predicts
 * @param unitTimesteps whether its timesteps are floats from 0 to 1
 */
record KnownDenoiser(NoiseSchedule schedule, PredictionType type, boolean unitTimesteps) {
  static final ImageShape SHAPE = new ImageShape(1, 8, 8);
  private static final int SIZE = 64;

  static KnownDenoiser of(int timesteps, PredictionType type) {
    return new KnownDenoiser(NoiseSchedule.linear(timesteps, 1e-4, 0.02), type, false);
  }

  static FloatImage image() {
    float[] values = new float[SIZE];
    Random random = new Random(8);
    for (int i = 0; i < SIZE; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return FloatImage.copyOf(SHAPE, values, 0);
  }

  Path write(Path folder) throws IOException {
    int count = schedule.trainTimesteps();
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Dim rows = Dim.symbolic("batch");
    Shape images = Shape.of(rows, Dim.of(1), Dim.of(8), Dim.of(8));
    Value x = g.input("sample", ElementType.FLOAT, images);
    Value t =
        g.input("timestep", unitTimesteps ? ElementType.FLOAT : ElementType.INT64, Shape.of(rows));
    if (unitTimesteps) {
      Value scaled = g.mul(t, g.constant("count", new float[] {count}, 1));
      Value whole = g.node("Round", List.of(scaled));
      Value last = g.constant("last", new float[] {count - 1}, 1);
      Value inside = g.min(whole, last);
      t = g.cast(inside, ElementType.INT64);
    }
    Value signal = g.gather(table(g, "signal", true), t);
    Value spread = g.gather(table(g, "spread", false), t);
    Value c = g.constant("c", image().values(), 1, 1, 8, 8);
    Value noise = g.div(g.sub(x, g.mul(signal, c)), spread);
    Value zero = g.mul(noise, g.constant("zero", new float[] {0}, 1));
    Value predicted =
        switch (type) {
          case EPSILON -> noise;
          case SAMPLE -> g.add(zero, c);
          case V_PREDICTION -> g.sub(g.mul(signal, noise), g.mul(spread, c));
        };
    Value seen = g.mul(x, signal);
    Value little = g.mul(seen, g.constant("little", new float[] {0.01f}, 1));
    g.output("out_sample", g.add(predicted, little), ElementType.FLOAT, images);
    Path file = folder.resolve("known.onnx");
    Files.write(file, OnnxCodec.toBytes(g.build()));
    return file;
  }

  private Value table(GraphBuilder g, String name, boolean ofSignal) {
    float[] values = new float[schedule.trainTimesteps()];
    for (int t = 0; t < values.length; t++) {
      double bar = schedule.alphasCumprod(t);
      values[t] = (float) Math.sqrt(ofSignal ? bar : 1 - bar);
    }
    return g.constant(name, values, values.length, 1, 1, 1);
  }
}

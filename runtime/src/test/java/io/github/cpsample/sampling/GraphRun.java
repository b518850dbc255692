package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.WholeSampler;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run of a composed sampler on the noise of a request.
 *
 * @param outputs what it gave
 * @param shape of one image
 */
record GraphRun(Map<String, double[]> outputs, ImageShape shape) {

  /** Runs a graph on the noise that the Java sampler drew. */
  static GraphRun of(OrtGraph graph, Manifest manifest, SampleResult result) {
    return of(graph, manifest, result, Map.of());
  }

  /** Runs a graph on the noise that the Java sampler drew, with more inputs. */
  static GraphRun of(
      OrtGraph graph, Manifest manifest, SampleResult result, Map<String, Tensor> more) {
    Map<String, Tensor> inputs = inputs(manifest, result.settings());
    inputs.putAll(more);
    return new GraphRun(graph.run(inputs), manifest.image());
  }

  private static Map<String, Tensor> inputs(Manifest manifest, SampleSettings settings) {
    ImageShape shape = manifest.image();
    int size = shape.size();
    int count = settings.images().count();
    Plan plan = settings.plan(manifest.schedule().create(), manifest.denoiser());
    int draws = WholeSampler.draws(plan, manifest.protection().correction());
    float[] initial = new float[count * size];
    float[] fresh = new float[draws * count * size];
    for (int row = 0; row < count; row++) {
      RandomMode.ImageNoise noise = settings.images().noise().open(settings.images().seed() + row);
      noise.initial().fill(initial, row * size, size);
      for (int draw = 0; draw < draws; draw++) {
        noise.steps().fill(fresh, (draw * count + row) * size, size);
      }
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    long[] sizes = {count, shape.channels(), shape.height(), shape.width()};
    inputs.put(WholeSampler.NOISE, Tensor.of(initial, sizes));
    if (draws > 0) {
      inputs.put(
          WholeSampler.STEP_NOISE, Tensor.of(fresh, draws, sizes[0], sizes[1], sizes[2], sizes[3]));
    }
    if (manifest.denoiser().classes() > 0) {
      long[] labels = new long[count];
      Arrays.fill(labels, settings.shown().classLabel().orElseThrow());
      inputs.put(DenoiserSpec.LABEL_INPUT, Tensor.of(labels, count));
    }
    return inputs;
  }

  double[] images() {
    return outputs.get(WholeSampler.IMAGES);
  }

  int[] stepsGuarded() {
    return Arrays.stream(outputs.get(WholeSampler.STEPS_GUARDED)).mapToInt(v -> (int) v).toArray();
  }

  double[] certainty() {
    return outputs.get(WholeSampler.CERTAINTY);
  }

  /** What an output says of a row, if there is one. */
  private int told(String output, int row, int otherwise) {
    return outputs.containsKey(output) ? (int) outputs.get(output)[row] : otherwise;
  }

  /** Compares with the Java sampler, whose trace has to be on. */
  void assertMatches(SampleResult expected, double tolerance) {
    for (int row = 0; row < expected.images().size(); row++) {
      float[] values = expected.image(row).values();
      for (int i = 0; i < values.length; i++) {
        double found = images()[row * shape.size() + i];
        double allowed = tolerance * (1 + Math.abs(values[i]));
        assertTrue(
            Math.abs(values[i] - found) <= allowed,
            "image " + row + ", value " + i + ": expected " + values[i] + ", found " + found);
      }
      ImageReport report = expected.report(row);
      assertEquals(report.guardedSteps(), stepsGuarded()[row], "guarded steps of image " + row);
      assertEquals(report.steps(), told(WholeSampler.DENOISER_CALLS, row, report.steps()));
      int recognised = report.recognised() ? 1 : 0;
      assertEquals(recognised, told(WholeSampler.RECOGNISED, row, 0), "recognised " + row);
      List<Double> trace = report.certaintyTrace().orElseThrow();
      double last = trace.isEmpty() ? Double.NaN : trace.get(trace.size() - 1);
      assertEquals(last, certainty()[row], tolerance);
    }
  }
}

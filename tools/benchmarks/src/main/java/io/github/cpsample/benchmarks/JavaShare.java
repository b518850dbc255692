package io.github.cpsample.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of sampling is spent outside ONNX Runtime: trajectories against the bare calls that they
 * consist of, in turns. Both kinds of trajectory make the same calls whatever the images are.
 */
public final class JavaShare {

  private static final double SECONDS_PER_BATCH = 30;

  private JavaShare() {}

  /**
   * Prints the table.
   *
   * @param arguments the share of the usual time; none means 1
   */
  public static void main(String[] arguments) {
    print(System.out, Effort.of(arguments));
  }

  static void print(PrintStream out, Effort effort) {
    MarkdownTable table =
        new MarkdownTable(
            out,
            "DDIM-50: share of the time outside ONNX Runtime",
            "batch",
            "unprotected, ms per step",
            "outside ONNX Runtime",
            "alpha 1/2, ms per step",
            "outside ONNX Runtime",
            "rounds");
    ShippedModel model = new ShippedModel();
    for (int batch : TrajectoryPlan.Batches.ALL) {
      TrajectoryPlan plan = new TrajectoryPlan(model.manifest(), batch, TrajectoryPlan.STEPS);
      try (TrajectorySides.LibrarySampler free =
              new TrajectorySides.LibrarySampler(
                  model, plan, request -> request.withProtection(false));
          TrajectorySides.LibrarySampler guarded =
              new TrajectorySides.LibrarySampler(model, plan, request -> request.withAlpha(0.5));
          BareRuns bare = new BareRuns(model, plan)) {
        Map<String, Runnable> turns = new LinkedHashMap<>();
        turns.put("free", free::result);
        turns.put("bare free", bare::unprotectedRuns);
        turns.put("guarded", guarded::result);
        turns.put("bare guarded", bare::guardedRuns);
        row(table, batch, Interleaved.measure(effort.seconds(SECONDS_PER_BATCH), turns));
      }
    }
  }

  private static void row(MarkdownTable table, int batch, Interleaved times) {
    table.row(
        batch,
        MarkdownTable.millis(times.median("free") / TrajectoryPlan.STEPS),
        MarkdownTable.percent(1 - times.ratio("bare free", "free")),
        MarkdownTable.millis(times.median("guarded") / TrajectoryPlan.STEPS),
        MarkdownTable.percent(1 - times.ratio("bare guarded", "guarded")),
        times.rounds());
  }

  /**
   * The calls of ONNX Runtime that a trajectory consists of and nothing else: tensors are made
   * once, nothing is read, decided or updated between the calls. Sessions are set up as the
   * library's.
   */
  private static final class BareRuns implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<SamplerStep> steps;
    private final Call denoiser;
    private final Call classifier;
    private final Call gradient;

    /** A session with its tensors. */
    private record Call(
        OrtSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {

      void run() {
        try {
          session.run(inputs, outputs).close();
        } catch (OrtException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    BareRuns(ShippedModel model, TrajectoryPlan plan) {
      this.steps = plan.sampler().steps();
      DenoiserSpec denoiserSpec = plan.manifest().denoiser();
      Manifest.Classifier spec = plan.manifest().classifier();
      NoisedBatch batch = new NoisedBatch(plan.manifest(), plan.rows());
      ImageShape image = plan.manifest().image();
      long[] images = {plan.rows(), image.channels(), image.height(), image.width()};
      long[] rows = {plan.rows()};
      long[] bits = {plan.rows(), spec.bits()};
      try {
        OnnxTensor x = tensor(batch.images(), images);
        OnnxTensor t = tensor(batch.timesteps(), rows);
        OnnxTensor picture = tensor(batch.images(), images);
        OnnxTensor logits = tensor(batch.cotangents(), bits);
        this.denoiser =
            new Call(
                session(model.denoiser()),
                Map.of(denoiserSpec.input(), x, denoiserSpec.timestep(), t),
                Map.of(denoiserSpec.output(), picture));
        this.classifier =
            new Call(
                session(model.classifier()),
                Map.of(spec.input(), x, spec.timestep(), t),
                Map.of(spec.output(), logits));
        OnnxTensor cotangents = tensor(batch.cotangents(), bits);
        String seed = ReverseDifferentiator.seedOf(spec.output());
        this.gradient =
            new Call(
                session(model.gradient()),
                Map.of(spec.input(), x, spec.timestep(), t, seed, cotangents),
                Map.of(ReverseDifferentiator.gradientOf(spec.input()), picture));
      } catch (OrtException e) {
        close();
        throw new IllegalStateException(e);
      }
    }

    /** The calls of an unprotected trajectory. */
    void unprotectedRuns() {
      steps.forEach(step -> denoiser.run());
    }

    /** The calls of a trajectory that is guarded wherever it can be. */
    void guardedRuns() {
      for (SamplerStep step : steps) {
        denoiser.run();
        if (TrajectoryPlan.PUSH.coversTimestep(step.timestep())) {
          classifier.run();
          gradient.run();
        }
      }
    }

    private OnnxTensor tensor(float[] values, long[] shape) throws OrtException {
      FloatBuffer memory =
          ByteBuffer.allocateDirect(values.length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      memory.put(0, values);
      OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), memory, shape);
      open.push(tensor);
      return tensor;
    }

    private OrtSession session(byte[] model) throws OrtException {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(TwoCores.THREADS);
        options.setInterOpNumThreads(1);
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry("session.force_spinning_stop", "1");
        OrtSession session = OrtEnvironment.getEnvironment().createSession(model, options);
        open.push(session);
        return session;
      }
    }

    @Override
    public void close() {
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}

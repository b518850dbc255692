package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;

/** Samples a model and holds the images against training and held-out images. */
public final class MeasuringSampler implements BatchSampler {

  private static final Progress INTERRUPTIBLE =
      new Progress() {
        @Override
        public void onStep(int stepsDone, int stepsTotal) {}

        @Override
        public boolean isCancelled() {
          return Thread.currentThread().isInterrupted();
        }
      };

  private final Map<Integer, ProtectedSampler> samplers;
  private final IntFunction<SampleRequest> requests;
  private final ReplicaFinder finder;
  private final HeldOutHalves halves;
  private final Optional<FeatureExtractor> features;

  /**
   * Prepares the work.
   *
   * @param samplers of one denoiser, by the classifier's number of bits; not owned
   * @param requests how to sample a number of images: steps, sampler, condition; seeds and
   *     protection are set here
   * @param finder finds replicas
   * @param halves of the held-out images
   * @param features in what quality is compared; empty for pixels alone; not owned
   */
  public MeasuringSampler(
      Map<Integer, ProtectedSampler> samplers,
      IntFunction<SampleRequest> requests,
      ReplicaFinder finder,
      HeldOutHalves halves,
      Optional<FeatureExtractor> features) {
    this.samplers = Map.copyOf(samplers);
    this.requests = requests;
    this.finder = finder;
    this.halves = halves;
    this.features = features;
  }

  @Override
  public BatchResult sample(Optional<Candidate> candidate, Part part, long firstSeed, int count)
      throws InterruptedException {
    ProtectedSampler sampler =
        candidate
            .map(it -> samplers.get(it.bits()))
            .orElseGet(() -> samplers.values().iterator().next());
    SampleRequest wanted =
        requests
            .apply(count)
            .withBatchSize(count)
            .withSeed(firstSeed)
            .withProtection(candidate.isPresent());
    if (candidate.isPresent()) {
      wanted = guarded(wanted, candidate.get().settings());
    }
    SampleResult result;
    try {
      result = sampler.sample(wanted, INTERRUPTIBLE);
    } catch (CancellationException e) {
      InterruptedException interrupted = new InterruptedException();
      interrupted.initCause(e);
      throw interrupted;
    }
    return new BatchResult(
        firstSeed,
        results(result, halves.part(part)),
        result.reports().stream().mapToLong(ImageReport::steps).sum(),
        result.totals().classifierRows(),
        result.totals().seconds());
  }

  /**
   * Has every network run once, so that the first times are like the others.
   *
   * @param candidate a setting; those of other classifiers are warmed up by it too
   * @param count images per batch
   * @throws InterruptedException if the thread was interrupted
   */
  public void warmUp(Candidate candidate, int count) throws InterruptedException {
    sample(Optional.empty(), Part.TUNING, 0, count);
    for (int bits : samplers.keySet()) {
      sample(Optional.of(new Candidate(bits, always(candidate))), Part.TUNING, 0, count);
    }
  }

  /** Guards every step, by a gate that any number of bits allows. */
  private static ProtectionSettings always(Candidate candidate) {
    return candidate.settings().withGate(Gate.named("code")).withAlpha(0.5);
  }

  private static SampleRequest guarded(SampleRequest request, ProtectionSettings settings) {
    SampleRequest gated =
        settings.thresholds().isPresent()
            ? request.withThresholds(settings.thresholds().get())
            : request.withAlpha(settings.alpha());
    return gated
        .withGate(settings.gate())
        .withForce(settings.force())
        .withScale(settings.scale())
        .withGuardedTimesteps(settings.firstTimestep(), settings.lastTimestep())
        .withAskEvery(settings.askEvery())
        .withAsks(settings.asks())
        .withCorrection(settings.correction());
  }

  private List<ImageResult> results(SampleResult result, HeldOutPart heldOut) {
    float[][] rows = result.images().stream().map(FloatImage::values).toArray(float[][]::new);
    List<ReplicaRule.Match> matches = finder.examine(rows).matches();
    double[] distances = heldOut.distances(rows);
    Optional<double[][]> vectors = features.map(extractor -> extractor.of(rows));
    List<ImageResult> results = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      int row = i;
      ReplicaRule.Match match = matches.get(i);
      results.add(
          new ImageResult(
              match.meanOfNext() > 0 ? match.distance() / match.meanOfNext() : 1,
              match.replica(),
              distances[i],
              result.report(i).guardedSteps(),
              vectors.map(all -> floats(all[row])).orElse(List.of())));
    }
    return results;
  }

  private static List<Float> floats(double[] values) {
    return DoubleStream.of(values).mapToObj(value -> (float) value).toList();
  }
}

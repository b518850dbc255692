package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TextEncoder;
import java.util.Optional;

/**
 * Samples a diffusion model so that it does not reproduce its training images: Classifier-Protected
 * Sampling (Kazdan et al., ICLR 2025, arXiv 2409.07025). Thread-safe: any number of threads may
 * sample at once and share the networks. Holds native memory until it is closed.
 *
 * <pre>{@code
 * try (ModelBundle model = ModelBundle.named("fashion-mnist");
 *     ProtectedSampler sampler = ProtectedSampler.open(model, Device.auto())) {
 *   SampleResult result = sampler.sample(SampleRequest.of(16).steps(50).seed(7), Progress.none());
 *   PngWriter.write(result.image(0).toBufferedImage(), file);
 * }
 * }</pre>
 */
public final class ProtectedSampler implements AutoCloseable {
  private final Manifest manifest;
  private final NoiseSchedule schedule;
  private final ResolvedDevice device;
  private final Networks networks;
  private final PipelineParts parts;

  private ProtectedSampler(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    this.manifest = bundle.manifest();
    this.schedule = manifest.schedule().create();
    this.device = device;
    this.networks = new Networks(bundle, device, settings);
    try {
      this.parts = new PipelineParts(bundle, device, settings);
    } catch (RuntimeException e) {
      networks.close();
      throw e;
    }
  }

  /**
   * Opens a model's networks, with one thread per core on the CPU.
   *
   * @param bundle the model; may be closed afterwards
   * @param device where to run
   * @return the sampler, which the caller closes
   * @throws InferenceException if the device cannot be used or ONNX Runtime refuses a network
   * @throws IllegalArgumentException if the classifier has an operator that cannot be
   *     differentiated
   */
  public static ProtectedSampler open(ModelBundle bundle, Device device) {
    return open(bundle, device, SessionSettings.defaults());
  }

  /**
   * Opens a model's networks.
   *
   * @param bundle the model; may be closed afterwards
   * @param device where to run
   * @param settings threads and optimisation
   * @return the sampler, which the caller closes
   * @throws InferenceException if the device cannot be used or ONNX Runtime refuses a network
   * @throws IllegalArgumentException if the classifier has an operator that cannot be
   *     differentiated
   */
  public static ProtectedSampler open(ModelBundle bundle, Device device, SessionSettings settings) {
    return open(bundle, ResolvedDevice.of(device), settings);
  }

  /**
   * Opens a model's networks on a device that was tried before.
   *
   * @param bundle the model; may be closed afterwards
   * @param device where to run
   * @param settings threads and optimisation
   * @return the sampler, which the caller closes
   * @throws InferenceException if ONNX Runtime refuses a network
   * @throws IllegalArgumentException if the classifier has an operator that cannot be
   *     differentiated
   */
  public static ProtectedSampler open(
      ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    return new ProtectedSampler(bundle, device, settings);
  }

  /**
   * The model.
   *
   * @return its manifest
   */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * Where the networks run.
   *
   * @return the device, with the reason of a fallback
   */
  public ResolvedDevice device() {
    return device;
  }

  /**
   * Counts the tokens of a prompt, to see whether the model reads all of it.
   *
   * @param prompt any text
   * @return the count; empty for a model without text encoder
   * @throws IllegalStateException if the sampler is closed
   */
  public Optional<TextEncoder.TokenCount> countTokens(String prompt) {
    return parts.count(prompt);
  }

  /**
   * What a request comes to with this model, without sampling.
   *
   * @param request what would be sampled
   * @return the request with the model's defaults filled in
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public SampleSettings settings(SampleRequest request) {
    return SampleSettings.of(manifest, request);
  }

  /**
   * How often a request would call the denoiser for an image: more often than it has steps where a
   * sampler calls it several times per step.
   *
   * @param request what would be sampled
   * @return at least 1; of the first image, where they start from images with different strengths
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public int denoiserCalls(SampleRequest request) {
    return new SampleJob(parts, manifest, schedule, settings(request)).calls(0);
  }

  /**
   * Samples images in the calling thread. Image {@code i} depends on {@code seed + i} alone: not on
   * the count, and, up to rounding of the last bits by the execution provider, not on the batch
   * size.
   *
   * @param request what to sample
   * @param progress is told about every step and may cancel
   * @return images, values about [-1, 1], and reports
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws java.util.concurrent.CancellationException if {@code progress} cancels or the thread is
   *     interrupted
   * @throws IllegalStateException if the sampler is closed
   * @throws InferenceException if ONNX Runtime fails, or a number is not finite, naming the step
   */
  public SampleResult sample(SampleRequest request, Progress progress) {
    return sample(request, progress, Optional.empty());
  }

  /**
   * Samples as {@link #sample(SampleRequest, Progress)} does, and shows every step on the way. What
   * is shown tells training images from others: see {@link ObservedStep.Observer}.
   *
   * @param request what to sample; its steps are computed as separate runs
   * @param progress is told about every step and may cancel
   * @param observer sees every step
   * @return the same images and reports as without observer
   * @throws IllegalArgumentException if the model cannot do what is asked, or the request asks for
   *     steps that are one graph
   * @throws java.util.concurrent.CancellationException if {@code progress} cancels or the thread is
   *     interrupted
   * @throws IllegalStateException if the sampler is closed
   * @throws InferenceException if ONNX Runtime fails, or a number is not finite, naming the step
   */
  public SampleResult sample(
      SampleRequest request, Progress progress, ObservedStep.Observer observer) {
    return sample(request, progress, Optional.of(observer));
  }

  private SampleResult sample(
      SampleRequest request, Progress progress, Optional<ObservedStep.Observer> observer) {
    int places = settings(request).images().batchSize();
    RunningBatch batch = new RunningBatch(networks, parts, manifest, schedule, places, observer);
    RunningRequest running = batch.prepare(request);
    batch.join(running);
    Progress.Counter counter = new Progress.Counter(progress, running.callsLeft());
    while (!batch.isEmpty()) {
      counter.beforeStep();
      batch.step();
      counter.afterStep(running.callsLeft());
    }
    return running.result();
  }

  /**
   * A batch that requests join while others are under way.
   *
   * @param places the most images that share a call, at least 1
   * @return an empty batch, which shares the networks with all others and needs no closing
   * @throws IllegalArgumentException if there are no places
   */
  public RunningBatch batch(int places) {
    Checks.atLeast("places", places, 1);
    return new RunningBatch(networks, parts, manifest, schedule, places, Optional.empty());
  }

  /**
   * Single predictions of the model, without sampling.
   *
   * @param request what the predictions are conditioned on, whether and how they are protected, and
   *     the size of the images; its count and batch size bound how many images go through the
   *     networks together
   * @return the predictions; not thread-safe, while any number of them may be at work
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public NoisePredictions predictions(SampleRequest request) {
    SampleSettings settings = SampleSettings.of(manifest, request);
    return new NoisePredictions(networks, parts.conditions(settings), manifest, schedule, settings);
  }

  /**
   * What denoiser and classifier see of a finished image.
   *
   * @param image of the model's shape, values about [-1, 1]
   * @return its latent, or the image itself where the model has none
   * @throws IllegalArgumentException if the image has another shape, or the model has latents and
   *     no encoder
   * @throws IllegalStateException if the sampler is closed
   */
  public FloatImage seen(FloatImage image) {
    return parts.sampled(image);
  }

  /**
   * Frees the networks after waiting for runs under way; requests under way then fail. Closing
   * twice does nothing.
   */
  @Override
  public void close() {
    try (networks;
        parts) {
      // Closing is all there is to do.
    }
  }
}

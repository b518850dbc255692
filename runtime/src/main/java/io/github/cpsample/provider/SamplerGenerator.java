package io.github.cpsample.provider;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.guard.GuaranteedSampler;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.GenerationRequest.GivenImage;
import io.github.cpsample.plugin.GenerationRequest.Guarantee;
import io.github.cpsample.plugin.GenerationResult;
import io.github.cpsample.plugin.GenerationSummary;
import io.github.cpsample.plugin.ModelDescription;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.plugin.ProtectedImageException.Reason;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A sampler as a host sees it. Thread-safe. */
final class SamplerGenerator implements ProtectedImageGenerator {
  private final ProtectedSampler sampler;
  private volatile boolean closed;

  SamplerGenerator(ProtectedSampler sampler) {
    this.sampler = sampler;
  }

  @Override
  public ModelDescription model() {
    return BundleProvider.describe(sampler.manifest());
  }

  @Override
  public GenerationResult generate(GenerationRequest request, GenerationListener listener) {
    Optional<TrainingIndex> index = request.guarantee().map(SamplerGenerator::index);
    ListenerProgress progress = new ListenerProgress(listener);
    try {
      return index.isPresent()
          ? guaranteed(request, index.get(), progress)
          : result(
              sampler.sample(translate(request, sampler.manifest().image()), progress),
              image -> 1,
              request);
    } catch (GuaranteedSampler.TooCloseException e) {
      throw new ProtectedImageException(Reason.TOO_CLOSE, Checks.message(e), e);
    } catch (CancellationException e) {
      progress.rethrow(e);
      throw new ProtectedImageException(Reason.CANCELLED, Checks.message(e), e);
    } catch (IllegalArgumentException e) {
      progress.rethrow(e);
      throw new ProtectedImageException(Reason.INVALID_REQUEST, Checks.message(e), e);
    } catch (RuntimeException e) {
      progress.rethrow(e);
      throw new ProtectedImageException(
          closed ? Reason.CLOSED : Reason.FAILED, Checks.message(e), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      sampler.close();
    } catch (RuntimeException e) {
      throw new ProtectedImageException(Reason.FAILED, Checks.message(e), e);
    }
  }

  private GenerationResult guaranteed(
      GenerationRequest request, TrainingIndex index, Progress progress) {
    int maxTries = request.guarantee().orElseThrow().maxTries();
    GuaranteedSampler.Result result =
        new GuaranteedSampler(sampler, IndexCheck.of(index), maxTries)
            .sample(translate(request, sampler.manifest().image()), progress);
    return result(result.result(), result.tries()::get, request);
  }

  private static TrainingIndex index(Guarantee guarantee) {
    try {
      return TrainingIndex.read(guarantee.index());
    } catch (NoSuchFileException e) {
      throw new ProtectedImageException(
          Reason.NOT_FOUND,
          "training index " + guarantee.index() + ": expected a file, found nothing there",
          e);
    } catch (IOException e) {
      throw new ProtectedImageException(Reason.INVALID_REQUEST, Checks.message(e), e);
    }
  }

  private static SampleRequest translate(GenerationRequest request, ImageShape shape) {
    SampleRequest translated =
        SampleRequest.of(request.count())
            .withSeed(request.seed())
            .withBatchSize(request.batchSize())
            .withProtection(request.protection())
            .withCertaintyTrace(request.certaintyTrace());
    if (request.steps().isPresent()) {
      translated = translated.withSteps(request.steps().getAsInt());
    }
    if (request.sampler().isPresent()) {
      translated = translated.withSampler(SamplerKind.named(request.sampler().get()));
    }
    if (request.classLabel().isPresent()) {
      translated = translated.withClassLabel(request.classLabel().getAsInt());
    }
    return request.given().isPresent()
        ? given(translated, request.given().get(), shape)
        : translated;
  }

  private static SampleRequest given(SampleRequest request, GivenImage given, ImageShape shape) {
    FloatImage image = fitted(given.image(), shape);
    if (given.mask().isEmpty()) {
      return request.withStart(image, given.strength());
    }
    ImageShape grey = new ImageShape(1, shape.height(), shape.width());
    Mask mask = Mask.of(fitted(given.mask().get(), grey).toBufferedImage());
    return request.withInpainting(Inpainting.of(image, mask));
  }

  private static FloatImage fitted(BufferedImage picture, ImageShape shape) {
    return FloatImage.copyOf(shape, ImageDecoder.fit(picture, shape), 0);
  }

  private static GenerationResult result(
      SampleResult result, IntUnaryOperator tries, GenerationRequest request) {
    List<GeneratedImage> images = new ArrayList<>();
    for (int i = 0; i < result.images().size(); i++) {
      images.add(
          new SampledImage(
              result.image(i), result.report(i), request.protection(), tries.applyAsInt(i)));
    }
    SampleResult.Totals totals = result.totals();
    return new GenerationResult(
        images,
        new GenerationSummary(
            totals.imagesGuarded(),
            totals.denoiserCalls(),
            totals.classifierRows(),
            totals.gradientRows(),
            totals.seconds(),
            totals.device(),
            totals.fallbackReason()));
  }

  /**
   * Passes progress on, and remembers what the listener threw: that is the host's and reaches it
   * unchanged.
   */
  private static final class ListenerProgress implements Progress {
    private final GenerationListener listener;
    private @Nullable RuntimeException thrown;

    ListenerProgress(GenerationListener listener) {
      this.listener = listener;
    }

    @Override
    public void onStep(int stepsDone, int stepsTotal) {
      try {
        listener.onStep(stepsDone, stepsTotal);
      } catch (RuntimeException e) {
        thrown = e;
        throw e;
      }
    }

    @Override
    public boolean isCancelled() {
      try {
        return listener.isCancelled();
      } catch (RuntimeException e) {
        thrown = e;
        throw e;
      }
    }

    void rethrow(RuntimeException e) {
      if (e == thrown) {
        throw e;
      }
    }
  }
}

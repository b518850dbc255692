package io.github.cpsample.service.web;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.service.settings.Limits;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a task is to a model.
 *
 * @param request what is sampled
 * @param seed of the first image
 * @param prompt what became of the prompt
 */
record SampleRequests(SampleRequest request, long seed, PromptUse prompt) {
  private static final Pattern CLASS = Pattern.compile("\\s*class:(\\d{1,9})\\s*");

  /** What a model makes of a prompt. */
  enum PromptUse {
    /** It reads it. */
    READ("read"),
    /** It named a class. */
    CLASS("class"),
    /** The model has no text: it was taken as nothing. */
    IGNORED("ignored");

    private final String label;

    PromptUse(String label) {
      this.label = label;
    }

    /** In a header. */
    String label() {
      return label;
    }
  }

  /**
   * Translates a task.
   *
   * @param anySeed the seed where the task has none
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws ApiException if an image cannot be read
   */
  static SampleRequests of(ImageTask task, Manifest model, Limits limits, long anySeed) {
    long seed = task.seed().orElse(anySeed);
    SampleRequest request =
        SampleRequest.of(task.count()).withSeed(seed).withProtection(task.guarded());
    if (task.steps().isPresent()) {
      request = request.withSteps(task.steps().getAsInt());
    }
    if (task.sampler().isPresent()) {
      request = request.withSampler(task.sampler().get());
    }
    if (task.size().isPresent() && !isOwn(task.size().get(), model)) {
      request = request.withSize(task.size().get().height(), task.size().get().width());
    }
    if (task.given().isPresent()) {
      request = given(request, task.given().get(), shape(task, model), limits);
    }
    return prompted(request, task, model, seed);
  }

  private static boolean isOwn(ImageTask.Size size, Manifest model) {
    return size.height() == model.image().height() && size.width() == model.image().width();
  }

  private static ImageShape shape(ImageTask task, Manifest model) {
    return task.size()
        .map(size -> new ImageShape(model.image().channels(), size.height(), size.width()))
        .orElse(model.image());
  }

  private static SampleRequest given(
      SampleRequest request, GivenImage given, ImageShape shape, Limits limits) {
    FloatImage image = given.image().decoded(shape, limits.pixels());
    Optional<Mask> mask = given.decodedMask(shape, limits.pixels());
    return mask.isPresent()
        ? request.withInpainting(Inpainting.of(image, mask.get()))
        : request.withStart(image, given.strength());
  }

  private static SampleRequests prompted(
      SampleRequest request, ImageTask task, Manifest model, long seed) {
    Matcher named = CLASS.matcher(task.prompt());
    if (model.pipeline().text().isPresent()) {
      return new SampleRequests(text(request, task), seed, PromptUse.READ);
    }
    if (named.matches()) {
      int label = Integer.parseInt(named.group(1));
      return new SampleRequests(request.withClassLabel(label), seed, PromptUse.CLASS);
    }
    int classes = model.denoiser().classes();
    if (classes > 0) {
      int any = (int) Math.floorMod(seed, (long) classes);
      return new SampleRequests(request.withClassLabel(any), seed, PromptUse.IGNORED);
    }
    return new SampleRequests(request, seed, PromptUse.IGNORED);
  }

  private static SampleRequest text(SampleRequest request, ImageTask task) {
    Conditioning asked = Conditioning.NONE.withPrompt(task.prompt());
    if (task.negativePrompt().isPresent()) {
      asked = asked.withNegativePrompt(task.negativePrompt().get());
    }
    if (task.guidanceScale().isPresent()) {
      asked = asked.withGuidanceScale(task.guidanceScale().getAsDouble());
    }
    return request.withConditioning(asked);
  }
}

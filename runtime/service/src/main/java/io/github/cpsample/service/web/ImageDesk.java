package io.github.cpsample.service.web;

import io.github.cpsample.base.Checks;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.service.engine.BusyException;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.engine.StoppedException;
import io.github.cpsample.service.engine.TimeLimitException;
import io.github.cpsample.service.engine.Work;
import io.github.cpsample.service.settings.ServiceSettings;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Takes tasks of all APIs to the models. Thread-safe. */
final class ImageDesk {
  /** What clients of the images API call a model that they were not told the name of. */
  private static final Pattern USUAL_NAMES =
      Pattern.compile("dall-e-\\d+|(chat)?gpt-image-[a-z0-9.-]+|chatgpt-image-latest");

  private static final int RETRY_SECONDS = 5;
  private static final double TENTHS = 10;

  /** Seeds drawn here are exact as JavaScript's numbers too. */
  private static final long SEEDS = 1L << 48;

  private final List<ServedModel> models;
  private final ServiceSettings settings;
  private final SecureRandom random = new SecureRandom();
  private final Set<Work> under = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  ImageDesk(List<ServedModel> models, ServiceSettings settings) {
    this.models = List.copyOf(models);
    this.settings = settings;
  }

  List<ServedModel> models() {
    return models;
  }

  ServiceSettings settings() {
    return settings;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Takes no more tasks. */
  void stop() {
    stopping = true;
    models.forEach(ServedModel::drain);
  }

  /**
   * Has a task done.
   *
   * @param abandoned whether nobody waits for it any more
   * @throws ApiException if it is refused
   */
  Order take(ImageTask task, BooleanSupplier abandoned) {
    if (!task.guarded() && !settings.allowUnprotected()) {
      throw ApiException.refused(
          403,
          "unprotected_not_allowed",
          "protected",
          "protected: expected true, the only value that this service allows, found false");
    }
    if (task.given().isPresent() && settings.generateOnly()) {
      throw generateOnly();
    }
    ServedModel model = find(task.model());
    try {
      SampleRequests asked =
          SampleRequests.of(task, model.manifest(), settings.limits(), random.nextLong(SEEDS));
      Work work = model.submit(asked.request(), settings.limits().time(), abandoned);
      under.add(work);
      work.whenOver(() -> under.remove(work));
      return new Order(model, work, asked);
    } catch (IllegalArgumentException | BusyException | StoppedException e) {
      throw told(e);
    }
  }

  /** The mean share of steps done of what is under way, in tenths; 0 where nothing is. */
  double progress() {
    double mean = under.stream().mapToDouble(Work::progress).average().orElse(0);
    return Math.floor(mean * TENTHS) / TENTHS;
  }

  static ApiException generateOnly() {
    return ApiException.refused(
        403,
        "images_not_taken",
        "image",
        "image: expected none, since this service only generates, found one");
  }

  /** A model by its name, or by a name that stands for the first one. */
  ServedModel find(Optional<String> name) {
    if (name.isEmpty() || USUAL_NAMES.matcher(name.get()).matches()) {
      return models.get(0);
    }
    return models.stream()
        .filter(model -> model.name().equals(name.get()))
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.refused(
                    404,
                    "model_not_found",
                    "model",
                    "model: expected one of "
                        + models.stream().map(ServedModel::name).toList()
                        + ", found '"
                        + name.get().substring(0, Math.min(100, name.get().length()))
                        + "'"));
  }

  /** What a client is told about a failure. */
  static ApiException told(Throwable failure) {
    Throwable reason = failure;
    while ((reason instanceof CompletionException || reason instanceof ExecutionException)
        && reason.getCause() != null) {
      reason = reason.getCause();
    }
    if (reason instanceof ApiException known) {
      return known;
    }
    if (reason instanceof IllegalArgumentException) {
      String message = Checks.message(reason);
      int colon = message.indexOf(':');
      String param = colon > 0 ? message.substring(0, colon) : "";
      return ApiException.invalid(param.matches("\\w+") ? param : "", message);
    }
    if (reason instanceof BusyException busy) {
      return ApiException.later(
          429, "rate_limit_exceeded", Checks.message(busy), busy.retryAfterSeconds());
    }
    if (reason instanceof TimeLimitException) {
      return ApiException.later(503, "time_limit", Checks.message(reason), RETRY_SECONDS);
    }
    if (reason instanceof StoppedException) {
      return ApiException.later(503, "stopping", Checks.message(reason), RETRY_SECONDS);
    }
    if (reason instanceof InferenceException) {
      return ApiException.failed(Checks.message(reason));
    }
    return ApiException.failed("the request failed; the server's log says why");
  }
}

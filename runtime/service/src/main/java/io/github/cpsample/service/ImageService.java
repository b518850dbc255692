package io.github.cpsample.service;

import io.github.cpsample.base.Checks;
import io.github.cpsample.service.engine.EngineMeters;
import io.github.cpsample.service.engine.SamplerOpener;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.settings.ServiceSettings;
import io.github.cpsample.service.web.ApiServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Protected images over HTTP, by the APIs that image clients speak. Thread-safe.
 *
 * <pre>{@code
 * Map<String, SamplerOpener> models = new LinkedHashMap<>();
 * models.put("photos", () -> open("photos-model"));
 * ImageService service = ImageService.start(models, ServiceSettings.STANDARD);
 * ...
 * service.stop(Duration.ofSeconds(30));
 * }</pre>
 */
public final class ImageService {
  private final List<ServedModel> models;
  private final ApiServer server;

  private ImageService(List<ServedModel> models, ApiServer server) {
    this.models = models;
    this.server = server;
  }

  /**
   * Opens the models and starts to listen.
   *
   * @param models by the names that requests call them; the first one in the map's order answers
   *     where a request names none
   * @param settings what the operator may set
   * @return the service, which the caller stops
   * @throws IOException if a model cannot be read
   * @throws IllegalArgumentException if there is no model
   * @throws RuntimeException if the address cannot be listened at
   */
  public static ImageService start(Map<String, SamplerOpener> models, ServiceSettings settings)
      throws IOException {
    Checks.argument(!models.isEmpty(), "models", "at least one", "none");
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    List<ServedModel> opened = new ArrayList<>();
    try {
      for (Map.Entry<String, SamplerOpener> model : models.entrySet()) {
        EngineMeters meters = new EngineMeters(registry, model.getKey());
        opened.add(new ServedModel(model.getKey(), model.getValue(), settings.engine(), meters));
      }
      return new ImageService(opened, new ApiServer(opened, settings, registry));
    } catch (IOException | RuntimeException e) {
      opened.forEach(ServedModel::drain);
      throw e;
    }
  }

  /**
   * Where it listens.
   *
   * @return the port
   */
  public int port() {
    return server.port();
  }

  /**
   * Loads a model anew; requests under way end with the networks that they began with.
   *
   * @param name what requests call it
   * @throws IOException if the model cannot be read: the old one then stays
   * @throws IllegalArgumentException if there is none of that name
   */
  public void reload(String name) throws IOException {
    models.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("model: found none named '" + name + "'"))
        .reload();
  }

  /**
   * Takes no more requests, lets those under way finish, and stops listening.
   *
   * @param grace how long they may take
   * @throws InterruptedException if the thread is interrupted, after which the requests under way
   *     are ended
   */
  public void stop(Duration grace) throws InterruptedException {
    server.refuse();
    long end = System.nanoTime() + grace.toNanos();
    try {
      for (ServedModel model : models) {
        model.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      }
    } finally {
      server.stop();
    }
  }
}

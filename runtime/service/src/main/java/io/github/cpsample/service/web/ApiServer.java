package io.github.cpsample.service.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.settings.ServiceSettings;
import io.github.cpsample.service.web.Endpoint.Access;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server with all its routes. Thread-safe. */
public final class ApiServer {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final Duration SPARE = Duration.ofSeconds(30);
  private static final int THREADS = 200;

  /** How long answers may take that are being written when the server stops. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  /** A client that sends its request more slowly is cut off. */
  private static final int LEAST_BYTES_PER_SECOND = 1024;

  /** How many times the longest body is read of one that is refused. */
  private static final long DISCARDED = 2;

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ServiceSettings settings;
  private final PrometheusMeterRegistry registry;
  private final ImageDesk desk;
  private final Gatekeeper gatekeeper;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Javalin javalin;

  /**
   * Starts the server.
   *
   * @param models at least one; the first answers where a request names none
   * @param settings what the operator set
   * @param registry what is counted
   * @throws RuntimeException if the port cannot be listened at
   */
  public ApiServer(
      List<ServedModel> models, ServiceSettings settings, PrometheusMeterRegistry registry) {
    this.settings = settings;
    this.registry = registry;
    this.desk = new ImageDesk(models, settings);
    this.gatekeeper = new Gatekeeper(settings);
    QueuedThreadPool pool = new QueuedThreadPool(THREADS);
    pool.setName("cpsample-http");
    Answers answers = new Answers(desk, pool);
    endpoints.addAll(new ImagesApi(desk, answers).endpoints());
    endpoints.addAll(new WebUiApi(desk, answers).endpoints());
    endpoints.addAll(new PageApi(desk).endpoints());
    endpoints.addAll(own());
    this.javalin = Javalin.create(config -> configure(config, pool));
    javalin.start();
  }

  /**
   * Where it listens.
   *
   * @return the port
   */
  public int port() {
    return javalin.port();
  }

  /** Takes no more requests; those under way go on. */
  public void refuse() {
    desk.stop();
  }

  /** Stops listening, once the answers that are being written are. */
  public void stop() {
    javalin.stop();
  }

  private List<Endpoint> own() {
    return List.of(
        Endpoint.get(
            "/health/live",
            Access.PUBLIC,
            "Says that the process works.",
            "it does",
            context -> state(context, "live")),
        Endpoint.get(
                "/health/ready",
                Access.PUBLIC,
                "Says whether requests are taken.",
                "they are",
                this::ready)
            .or(503, "the service is stopping"),
        Endpoint.get(
            "/metrics",
            Access.OPERATOR,
            "Measurements in the format of Prometheus.",
            "the measurements",
            this::metrics),
        Endpoint.get(
            "/openapi.json",
            Access.PUBLIC,
            "This document.",
            "the document",
            context ->
                Answers.json(context, OpenApiDocument.of(endpoints, settings.keys().isPresent()))));
  }

  private void configure(JavalinConfig config, QueuedThreadPool pool) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.jetty.threadPool = pool;
    config.jetty.addConnector(this::connector);
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(LAST_ANSWERS.toMillis());
          server.setHandler(
              new MinimumDataRateHandler(new GracefulHandler(), LEAST_BYTES_PER_SECOND, 0));
        });
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.asyncTimeout = settings.limits().time().plus(SPARE).toMillis();
    for (Endpoint endpoint : endpoints) {
      config.routes.addHttpHandler(
          endpoint.method(),
          endpoint.path(),
          context -> {
            context.header("X-Content-Type-Options", "nosniff");
            context.header("Content-Security-Policy", POLICY);
            gatekeeper.admit(context, endpoint.access());
            endpoint.handler().handle(context);
          });
    }
    config.routes.exception(ApiException.class, (e, context) -> refuse(context, e));
    config.routes.exception(HttpResponseException.class, (e, context) -> refuse(context, told(e)));
    config.routes.exception(CancellationException.class, (e, context) -> gone(context));
    config.routes.exception(Exception.class, (e, context) -> fail(context, e));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setIdleTimeout(settings.limits().idle().toMillis());
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.limits().idle().toMillis());
    return connector;
  }

  private static void state(Context context, String state) {
    JsonObject answer = new JsonObject();
    answer.addProperty("status", state);
    Answers.json(context, answer);
  }

  private void ready(Context context) {
    context.status(desk.isStopping() ? 503 : 200);
    state(context, desk.isStopping() ? "stopping" : "ready");
  }

  private void metrics(Context context) {
    context.contentType("text/plain; version=0.0.4; charset=utf-8");
    context.result(registry.scrape());
  }

  private static ApiException told(HttpResponseException e) {
    return ApiException.refused(
        e.getStatus(), "not_served", "", "request: expected a path of /openapi.json, found none");
  }

  /** Nobody reads this. */
  private static void gone(Context context) {
    context.status(499);
  }

  private void fail(Context context, Exception e) {
    ApiException told = ImageDesk.told(e);
    if (told.status() >= 500) {
      LOG.error("{} {} failed", context.method(), context.path(), e);
    }
    refuse(context, told);
  }

  private void refuse(Context context, ApiException e) {
    RequestBody.discard(context, DISCARDED * settings.limits().bodyBytes());
    Counter.builder("cpsample.requests.refused")
        .description("Requests that were answered with an error")
        .tag("status", String.valueOf(e.status()))
        .register(registry)
        .increment();
    context.status(e.status());
    e.retryAfter().ifPresent(seconds -> context.header("Retry-After", String.valueOf(seconds)));
    if (e.status() == 401) {
      context.header("WWW-Authenticate", "Bearer");
    }
    Answers.json(context, context.path().startsWith("/sdapi/") ? webUi(e) : images(e));
  }

  private static JsonObject images(ApiException e) {
    JsonObject error = new JsonObject();
    error.addProperty("message", e.getMessage());
    error.addProperty("type", e.type());
    error.add("param", text(e.param()));
    error.addProperty("code", e.code());
    JsonObject answer = new JsonObject();
    answer.add("error", error);
    return answer;
  }

  private static JsonObject webUi(ApiException e) {
    JsonObject answer = new JsonObject();
    answer.addProperty("error", e.code());
    answer.addProperty("detail", e.getMessage());
    answer.addProperty("body", "");
    answer.addProperty("errors", e.getMessage());
    return answer;
  }

  private static JsonElement text(Optional<String> text) {
    return text.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
  }
}

package io.github.cpsample.service.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.web.Endpoint.Access;
import io.github.cpsample.service.web.Order.Delivery;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The page at {@code /}, which asks nothing of other servers, and what it asks of this one. */
final class PageApi {
  private static final int LONGEST_TEXT = 32_000;
  private static final long BEAT_MILLIS = 100;

  /** Progress is told in so many parts: the exact number of steps is nothing for users. */
  private static final int PARTS = 20;

  /** Each page that is told progress holds a thread. */
  private static final int MOST_PAGES = 64;

  private final ImageDesk desk;
  private final Semaphore pages = new Semaphore(MOST_PAGES);

  PageApi(ImageDesk desk) {
    this.desk = desk;
  }

  List<Endpoint> endpoints() {
    Limits limits = desk.settings().limits();
    return List.of(
        file("/", "page.html", "text/html; charset=utf-8", "Shows the page."),
        file("/page.css", "page.css", "text/css; charset=utf-8", "Is the page's style."),
        file("/page.js", "page.js", "text/javascript; charset=utf-8", "Is the page's script."),
        Endpoint.get(
            "/page/settings",
            Access.USER,
            "Says what the page can offer.",
            "models and limits",
            this::settings),
        Endpoint.post(
                "/page/images",
                Access.USER,
                "Makes images and tells its progress, as server-sent events.",
                "events: progress, images, failure",
                new Schema()
                    .text("model", "a model's name")
                    .text("prompt", "or class:N")
                    .whole("seed", 0, Long.MAX_VALUE, "of the first image")
                    .whole("steps", 1, limits.steps(), "of an image")
                    .whole("count", 1, limits.images(), "how many images")
                    .flag("compare", "whether unprotected images of the same seeds are wanted")
                    .json(),
                this::images)
            .making());
  }

  private static Endpoint file(String path, String name, String type, String summary) {
    byte[] content = resource(name);
    return Endpoint.get(
        path,
        Access.PUBLIC,
        summary,
        "the file",
        context -> {
          context.contentType(type);
          context.result(content);
        });
  }

  private static byte[] resource(String name) {
    try (InputStream stream = PageApi.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void settings(Context context) {
    JsonObject answer = new JsonObject();
    JsonArray models = new JsonArray();
    for (ServedModel model : desk.models()) {
      Manifest manifest = model.manifest();
      JsonObject json = new JsonObject();
      json.addProperty("name", model.name());
      json.addProperty("classes", manifest.denoiser().classes());
      json.addProperty("text", manifest.pipeline().text().isPresent());
      json.addProperty("steps", manifest.sampler().steps());
      json.addProperty("width", manifest.image().width());
      json.addProperty("height", manifest.image().height());
      models.add(json);
    }
    answer.add("models", models);
    answer.addProperty("mostSteps", desk.settings().limits().steps());
    answer.addProperty("mostImages", desk.settings().limits().images());
    answer.addProperty("compare", desk.settings().allowUnprotected());
    Answers.json(context, answer);
  }

  private void images(Context context) {
    if (!pages.tryAcquire()) {
      throw ApiException.later(
          429, "rate_limit_exceeded", "pages: expected at most " + MOST_PAGES + ", found more", 5);
    }
    try {
      makeImages(context);
    } finally {
      pages.release();
    }
  }

  private void makeImages(Context context) {
    Limits limits = desk.settings().limits();
    Fields fields = RequestBody.json(context, limits.bodyBytes()).fields();
    List<Order> orders = new ArrayList<>();
    try {
      orders.add(desk.take(task(fields, true), () -> false));
      if (fields.flag("compare").orElse(false)) {
        long seed = orders.get(0).asked().seed();
        orders.add(desk.take(task(fields, false).from(seed), () -> false));
      }
      follow(context, orders);
    } catch (ApiException e) {
      orders.forEach(order -> order.work().cancel());
      throw e;
    } catch (IOException e) {
      // The page was closed.
      orders.forEach(order -> order.work().cancel());
    } catch (InterruptedException e) {
      orders.forEach(order -> order.work().cancel());
      Thread.currentThread().interrupt();
    }
  }

  private ImageTask task(Fields fields, boolean guarded) {
    Limits limits = desk.settings().limits();
    return new ImageTask(
        fields.text("model", LONGEST_TEXT),
        fields.count("count", 1, limits.images()).orElse(1),
        fields.text("prompt", LONGEST_TEXT).orElse(""),
        Optional.empty(),
        fields.whole("seed", 0, Long.MAX_VALUE),
        fields.count("steps", 1, limits.steps()),
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        guarded);
  }

  private static void follow(Context context, List<Order> orders)
      throws IOException, InterruptedException {
    context.contentType("text/event-stream");
    context.header("Cache-Control", "no-store");
    OutputStream out = context.res().getOutputStream();
    try {
      int told = -1;
      for (Order order : orders) {
        while (!isOver(order)) {
          int now = progress(orders);
          if (now > told) {
            told = now;
            JsonObject progress = new JsonObject();
            progress.addProperty("percent", 100 * now / PARTS);
            send(out, "progress", progress);
          } else {
            out.write(": still there\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
          }
        }
      }
      send(out, "images", delivered(orders));
    } catch (ExecutionException e) {
      JsonObject failure = new JsonObject();
      failure.addProperty("message", ImageDesk.told(e).getMessage());
      send(out, "failure", failure);
    }
  }

  private static boolean isOver(Order order) throws InterruptedException, ExecutionException {
    try {
      order.work().done().get(BEAT_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static int progress(List<Order> orders) {
    double mean = orders.stream().mapToDouble(it -> it.work().progress()).average().orElse(0);
    return (int) (mean * PARTS);
  }

  private static JsonObject delivered(List<Order> orders)
      throws InterruptedException, ExecutionException {
    JsonObject answer = new JsonObject();
    answer.addProperty("seed", orders.get(0).asked().seed());
    answer.addProperty("prompt", orders.get(0).asked().prompt().label());
    answer.add("protected", pictures(orders.get(0)));
    if (orders.size() > 1) {
      answer.add("unprotected", pictures(orders.get(1)));
    }
    return answer;
  }

  private static JsonArray pictures(Order order) throws InterruptedException, ExecutionException {
    JsonArray pictures = new JsonArray();
    try {
      Delivery.of(order.work().done().get()).images().forEach(pictures::add);
    } catch (RuntimeException e) {
      throw new ExecutionException(e);
    }
    return pictures;
  }

  private static void send(OutputStream out, String event, JsonObject data) throws IOException {
    out.write(("event: " + event + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}

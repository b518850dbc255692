package io.github.cpsample.service.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.service.web.Order.Delivery;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/** Writes what becomes of tasks. Thread-safe. */
final class Answers {
  private static final String PROMPT = "X-CPSample-Prompt";
  private static final String MODEL = "X-CPSample-Model";

  private final ImageDesk desk;
  private final Executor executor;

  /**
   * @param executor encodes and writes images
   */
  Answers(ImageDesk desk, Executor executor) {
    this.desk = desk;
    this.executor = executor;
  }

  static void json(Context context, JsonElement answer) {
    context.contentType("application/json");
    context.result(answer.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Has a task done and answers when it is, holding no thread meanwhile. Where the client goes
   * away, its images are computed no further.
   */
  void deliver(Context context, ImageTask task, BiFunction<Order, Delivery, JsonObject> form) {
    ClientPresence presence = ClientPresence.of(context);
    Order order = desk.take(task, presence);
    context.header(PROMPT, order.asked().prompt().label());
    context.header(MODEL, order.model().name());
    context.future(
        () ->
            order
                .work()
                .done()
                .thenApplyAsync(result -> form.apply(order, Delivery.of(result)), executor)
                .whenComplete((answer, failure) -> presence.answer(context))
                .thenAccept(answer -> json(context, answer)));
  }

  /** What the guard did to an image, for services whose operator has it told. */
  JsonObject report(ImageReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("seed", report.seed());
    json.addProperty("steps", report.steps());
    json.addProperty("guarded_steps", report.guardedSteps());
    json.addProperty("returns", report.returns());
    json.addProperty("redos", report.redos());
    json.addProperty("recognised", report.recognised());
    return json;
  }

  boolean reports() {
    return desk.settings().reports();
  }
}

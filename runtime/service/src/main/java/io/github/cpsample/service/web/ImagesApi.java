package io.github.cpsample.service.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.web.Endpoint.Access;
import io.github.cpsample.service.web.GivenImage.MaskFile;
import io.github.cpsample.service.web.GivenImage.Meaning;
import io.github.cpsample.service.web.Order.Delivery;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The images API as its well-known clients speak it: {@code /v1}. */
final class ImagesApi {
  /** How far an image is changed that is edited without a mask. */
  private static final double EDITED = 0.75;

  private static final double VARIED = 0.5;
  private static final int LONGEST_PROMPT = 32_000;
  private static final int LONGEST_NAME = 200;
  private static final int LARGEST_SIDE = 16_384;
  private static final double MOST_GUIDANCE = 100;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  private final ImageDesk desk;
  private final Answers answers;
  private final long started = Instant.now().getEpochSecond();

  ImagesApi(ImageDesk desk, Answers answers) {
    this.desk = desk;
    this.answers = answers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
                "/v1/images/generations",
                Access.USER,
                "Makes images from noise.",
                "the images",
                generation().json(),
                this::generations)
            .making(),
        Endpoint.post(
                "/v1/images/edits",
                Access.USER,
                "Fills in a part of an image, or changes all of it.",
                "the images",
                edit().form(),
                this::edits)
            .making(),
        Endpoint.post(
                "/v1/images/variations",
                Access.USER,
                "Makes images like an image.",
                "the images",
                common()
                    .file("image", "the image")
                    .decimal("strength", 0.01, 1, "how far it is changed")
                    .require("image")
                    .form(),
                this::variations)
            .making(),
        Endpoint.get("/v1/models", Access.USER, "Lists the models.", "the models", this::models),
        Endpoint.get("/v1/models/{model}", Access.USER, "Shows a model.", "the model", this::model)
            .or(404, "there is no such model"));
  }

  private Schema common() {
    Limits limits = desk.settings().limits();
    return new Schema()
        .text("model", "a model's name; the first one where it is missing")
        .whole("n", 1, limits.images(), "how many images")
        .text("size", "WIDTHxHEIGHT in pixels, or auto for the model's")
        .word("response_format", List.of("b64_json"), "always this one")
        .text("user", "of no account")
        .whole("seed", 0, Long.MAX_VALUE, "of the first image; any where it is missing")
        .whole("steps", 1, limits.steps(), "of an image; the model's where it is missing")
        .word("sampler", SamplerKind.labels(), "the model's where it is missing");
  }

  private Schema generation() {
    return common()
        .text("prompt", "for models without text class:N, or of no account")
        .text("negative_prompt", "what the images are not to show")
        .decimal("guidance_scale", 0, MOST_GUIDANCE, "weight of the prompt")
        .flag("protected", "false, where the operator allows it, for images without protection")
        .require("prompt");
  }

  private Schema edit() {
    return generation()
        .file("image", "the image")
        .file("mask", "transparent where the image is to be filled in")
        .decimal("strength", 0.01, 1, "how far the image is changed where there is no mask")
        .require("image");
  }

  private void generations(Context context) {
    Fields fields = RequestBody.json(context, desk.settings().limits().bodyBytes()).fields();
    deliver(context, task(fields, Optional.empty(), prompt(fields)));
  }

  private void edits(Context context) {
    RequestBody body = given(context);
    ImageFile image = body.requiredFile("image");
    Optional<MaskFile> mask =
        body.file("mask").map(file -> new MaskFile(file, Meaning.TRANSPARENT));
    deliver(
        context,
        task(
            body.fields(),
            Optional.of(new GivenImage(image, mask, strength(body.fields(), EDITED))),
            prompt(body.fields())));
  }

  private void variations(Context context) {
    RequestBody body = given(context);
    GivenImage image =
        new GivenImage(
            body.requiredFile("image"), Optional.empty(), strength(body.fields(), VARIED));
    deliver(context, task(body.fields(), Optional.of(image), ""));
  }

  private RequestBody given(Context context) {
    if (desk.settings().generateOnly()) {
      throw ImageDesk.generateOnly();
    }
    return RequestBody.form(context, desk.settings().limits().bodyBytes());
  }

  private static double strength(Fields fields, double usual) {
    return fields.decimal("strength", 0.01, 1).orElse(usual);
  }

  private static String prompt(Fields fields) {
    return fields
        .text("prompt", LONGEST_PROMPT)
        .orElseThrow(() -> ApiException.invalid("prompt", "prompt: expected a text, found none"));
  }

  private ImageTask task(Fields fields, Optional<GivenImage> given, String prompt) {
    Limits limits = desk.settings().limits();
    fields.word("response_format", List.of("b64_json"));
    fields.word("output_format", List.of("png"));
    fields.text("user", LONGEST_PROMPT);
    if (fields.flag("stream").orElse(false)) {
      throw ApiException.invalid("stream", "stream: expected false, found true");
    }
    return new ImageTask(
        fields.text("model", LONGEST_NAME),
        fields.count("n", 1, limits.images()).orElse(1),
        prompt,
        fields.text("negative_prompt", LONGEST_PROMPT),
        fields.whole("seed", 0, Long.MAX_VALUE),
        fields.count("steps", 1, limits.steps()),
        fields.word("sampler", SamplerKind.labels()).map(SamplerKind::named),
        guidance(fields),
        fields.text("size", LONGEST_NAME).flatMap(ImagesApi::size),
        given,
        fields.flag("protected").orElse(true));
  }

  private static OptionalDouble guidance(Fields fields) {
    return fields.decimal("guidance_scale", 0, MOST_GUIDANCE);
  }

  private static Optional<ImageTask.Size> size(String text) {
    if (text.equals("auto")) {
      return Optional.empty();
    }
    Matcher matcher = SIZE.matcher(text);
    if (matcher.matches()) {
      int width = Integer.parseInt(matcher.group(1));
      int height = Integer.parseInt(matcher.group(2));
      if (Math.min(width, height) > 0 && Math.max(width, height) <= LARGEST_SIDE) {
        return Optional.of(new ImageTask.Size(width, height));
      }
    }
    throw ApiException.invalid(
        "size", "size: expected WIDTHxHEIGHT in pixels or auto, found '" + text + "'");
  }

  private void deliver(Context context, ImageTask task) {
    answers.deliver(context, task, this::answer);
  }

  private JsonObject answer(Order order, Delivery delivery) {
    JsonArray data = new JsonArray();
    for (int i = 0; i < delivery.images().size(); i++) {
      JsonObject image = new JsonObject();
      image.addProperty("b64_json", delivery.images().get(i));
      if (answers.reports()) {
        image.add("report", answers.report(delivery.result().report(i)));
      }
      data.add(image);
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("created", Instant.now().getEpochSecond());
    answer.addProperty("output_format", "png");
    answer.add("data", data);
    return answer;
  }

  private void models(Context context) {
    JsonArray data = new JsonArray();
    desk.models().forEach(model -> data.add(describe(model)));
    JsonObject answer = new JsonObject();
    answer.addProperty("object", "list");
    answer.add("data", data);
    Answers.json(context, answer);
  }

  private void model(Context context) {
    Answers.json(context, describe(desk.find(Optional.of(context.pathParam("model")))));
  }

  private JsonObject describe(ServedModel model) {
    JsonObject json = new JsonObject();
    json.addProperty("id", model.name());
    json.addProperty("object", "model");
    json.addProperty("created", started);
    json.addProperty("owned_by", "cpsample");
    return json;
  }
}

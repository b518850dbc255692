package io.github.cpsample.service.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.service.engine.ServedModel;
import io.github.cpsample.service.settings.Limits;
import io.github.cpsample.service.web.Endpoint.Access;
import io.github.cpsample.service.web.GivenImage.MaskFile;
import io.github.cpsample.service.web.GivenImage.Meaning;
import io.github.cpsample.service.web.Order.Delivery;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The API of the well-known web UI of Stable Diffusion: {@code /sdapi/v1}. */
final class WebUiApi {
  private static final double USUAL_STRENGTH = 0.75;
  private static final int LONGEST_PROMPT = 32_000;
  private static final int LONGEST_NAME = 200;
  private static final int LARGEST_SIDE = 16_384;
  private static final double MOST_GUIDANCE = 100;
  private static final String STRENGTH = "denoising_strength";

  private final ImageDesk desk;
  private final Answers answers;

  WebUiApi(ImageDesk desk, Answers answers) {
    this.desk = desk;
    this.answers = answers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
                "/sdapi/v1/txt2img",
                Access.USER,
                "Makes images from noise.",
                "the images",
                common().json(),
                this::fromText)
            .making(),
        Endpoint.post(
                "/sdapi/v1/img2img",
                Access.USER,
                "Changes an image, or fills in a part of it.",
                "the images",
                common()
                    .texts("init_images", "one image, in base64 or as a data URL")
                    .text("mask", "white where the image is to be filled in")
                    .decimal(STRENGTH, 0.01, 1, "how far the image is changed without a mask")
                    .require("init_images")
                    .json(),
                this::fromImage)
            .making(),
        Endpoint.get(
            "/sdapi/v1/sd-models", Access.USER, "Lists the models.", "the models", this::models),
        Endpoint.get(
            "/sdapi/v1/samplers",
            Access.USER,
            "Lists the samplers.",
            "the samplers",
            WebUiApi::samplers),
        Endpoint.get(
            "/sdapi/v1/progress",
            Access.USER,
            "Says how far what is under way is.",
            "the progress",
            this::progress),
        Endpoint.post(
                "/sdapi/v1/reload-checkpoint",
                Access.OPERATOR,
                "Loads a model anew; requests under way end with the old one.",
                "it is loaded",
                new Schema().text("model", "its name; the first one where it is missing").json(),
                this::reload)
            .or(404, "there is no such model")
            .or(500, "the model cannot be read; the old one stays"));
  }

  private Schema common() {
    Limits limits = desk.settings().limits();
    return new Schema()
        .text("prompt", "for models without text class:N, or of no account")
        .text("negative_prompt", "what the images are not to show")
        .whole("seed", -1, Long.MAX_VALUE, "of the first image; any for -1")
        .whole("steps", 1, limits.steps(), "of an image; the model's where it is missing")
        .decimal("cfg_scale", 0, MOST_GUIDANCE, "weight of the prompt")
        .whole("width", 1, LARGEST_SIDE, "the model's where it is missing")
        .whole("height", 1, LARGEST_SIDE, "the model's where it is missing")
        .whole("batch_size", 1, limits.images(), "how many images")
        .whole("n_iter", 1, limits.images(), "how many times as many")
        .text("sampler_name", "the model's where it is missing")
        .inner(
            "override_settings",
            new Schema()
                .text("sd_model_checkpoint", "a model's name; the first one where it is missing"));
  }

  private void fromText(Context context) {
    Fields fields = body(context);
    deliver(context, task(fields, Optional.empty()));
  }

  private void fromImage(Context context) {
    if (desk.settings().generateOnly()) {
      throw ImageDesk.generateOnly();
    }
    Fields fields = body(context);
    List<String> images = fields.texts("init_images").orElse(List.of());
    if (images.size() != 1) {
      throw ApiException.invalid(
          "init_images", "init_images: expected a list of one image, found " + images.size());
    }
    Optional<MaskFile> mask =
        fields
            .text("mask", Integer.MAX_VALUE)
            .map(text -> new MaskFile(decoded("mask", text), Meaning.WHITE));
    double strength = fields.decimal(STRENGTH, 0.01, 1).orElse(USUAL_STRENGTH);
    GivenImage given = new GivenImage(decoded("init_images", images.get(0)), mask, strength);
    deliver(context, task(fields, Optional.of(given)));
  }

  private Fields body(Context context) {
    return RequestBody.json(context, desk.settings().limits().bodyBytes()).fields();
  }

  private static ImageFile decoded(String name, String text) {
    String base64 = text.startsWith("data:") ? text.substring(text.indexOf(',') + 1) : text;
    try {
      return new ImageFile(name, Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(name, name + ": expected base64, found something else");
    }
  }

  private ImageTask task(Fields fields, Optional<GivenImage> given) {
    Limits limits = desk.settings().limits();
    int batch = fields.count("batch_size", 1, limits.images()).orElse(1);
    int times = fields.count("n_iter", 1, limits.images()).orElse(1);
    if (batch * times > limits.images()) {
      throw ApiException.invalid(
          "n_iter",
          "n_iter: expected at most "
              + limits.images()
              + " images in all, found "
              + batch
              + " times "
              + times);
    }
    OptionalLong seed = fields.whole("seed", -1, Long.MAX_VALUE);
    return new ImageTask(
        fields.inner("override_settings").text("sd_model_checkpoint", LONGEST_NAME),
        batch * times,
        fields.text("prompt", LONGEST_PROMPT).orElse(""),
        fields.text("negative_prompt", LONGEST_PROMPT).filter(text -> !text.isEmpty()),
        seed.orElse(-1) < 0 ? OptionalLong.empty() : seed,
        fields.count("steps", 1, limits.steps()),
        sampler(fields),
        fields.decimal("cfg_scale", 0, MOST_GUIDANCE),
        size(fields),
        given,
        true);
  }

  private static Optional<SamplerKind> sampler(Fields fields) {
    return fields
        .text("sampler_name", LONGEST_NAME)
        .or(() -> fields.text("sampler_index", LONGEST_NAME))
        .filter(name -> !name.isEmpty())
        .map(
            name -> {
              try {
                return SamplerKind.named(name.toLowerCase(Locale.ROOT));
              } catch (IllegalArgumentException e) {
                throw ApiException.invalid("sampler_name", Checks.message(e));
              }
            });
  }

  private static Optional<ImageTask.Size> size(Fields fields) {
    OptionalInt width = fields.count("width", 1, LARGEST_SIDE);
    OptionalInt height = fields.count("height", 1, LARGEST_SIDE);
    if (width.isPresent() != height.isPresent()) {
      throw ApiException.invalid(
          width.isPresent() ? "height" : "width",
          "width and height: expected both or neither, found one");
    }
    return width.isPresent()
        ? Optional.of(new ImageTask.Size(width.getAsInt(), height.getAsInt()))
        : Optional.empty();
  }

  private void deliver(Context context, ImageTask task) {
    answers.deliver(context, task, this::answer);
  }

  private JsonObject answer(Order order, Delivery delivery) {
    JsonArray images = new JsonArray();
    JsonArray seeds = new JsonArray();
    JsonArray reports = new JsonArray();
    delivery.images().forEach(images::add);
    for (ImageReport report : delivery.result().reports()) {
      seeds.add(report.seed());
      reports.add(answers.report(report));
    }
    JsonObject info = new JsonObject();
    info.addProperty("seed", order.asked().seed());
    info.add("all_seeds", seeds);
    info.addProperty("steps", delivery.result().settings().trajectory().steps());
    info.addProperty("sampler_name", delivery.result().settings().trajectory().sampler().label());
    info.addProperty("width", delivery.result().settings().images().shape().width());
    info.addProperty("height", delivery.result().settings().images().shape().height());
    info.addProperty("sd_model_name", order.model().name());
    if (answers.reports()) {
      info.add("reports", reports);
    }
    JsonObject answer = new JsonObject();
    answer.add("images", images);
    answer.add("parameters", new JsonObject());
    answer.addProperty("info", info.toString());
    return answer;
  }

  private void models(Context context) {
    JsonArray models = new JsonArray();
    for (ServedModel model : desk.models()) {
      JsonObject json = new JsonObject();
      json.addProperty("title", model.name());
      json.addProperty("model_name", model.name());
      json.add("hash", JsonNull.INSTANCE);
      json.add("sha256", JsonNull.INSTANCE);
      json.addProperty("filename", model.name());
      json.add("config", JsonNull.INSTANCE);
      Manifest manifest = model.manifest();
      json.addProperty("width", manifest.image().width());
      json.addProperty("height", manifest.image().height());
      models.add(json);
    }
    Answers.json(context, models);
  }

  private static void samplers(Context context) {
    JsonArray samplers = new JsonArray();
    for (String label : SamplerKind.labels()) {
      JsonObject json = new JsonObject();
      json.addProperty("name", label);
      json.add("aliases", new JsonArray());
      json.add("options", new JsonObject());
      samplers.add(json);
    }
    Answers.json(context, samplers);
  }

  /** In tenths: how many steps an image takes tells something about it. */
  private void progress(Context context) {
    int images = desk.models().stream().mapToInt(ServedModel::accepted).sum();
    JsonObject state = new JsonObject();
    state.addProperty("job_count", images);
    state.addProperty("skipped", false);
    state.addProperty("interrupted", false);
    JsonObject answer = new JsonObject();
    answer.addProperty("progress", desk.progress());
    answer.addProperty("eta_relative", 0.0);
    answer.add("state", state);
    answer.add("current_image", JsonNull.INSTANCE);
    answer.add("textinfo", JsonNull.INSTANCE);
    Answers.json(context, answer);
  }

  private void reload(Context context) {
    ServedModel model = desk.find(body(context).text("model", LONGEST_NAME));
    try {
      model.reload();
    } catch (IOException | RuntimeException e) {
      throw ApiException.failed("model " + model.name() + ": " + e.getMessage());
    }
    Answers.json(context, new JsonObject());
  }
}

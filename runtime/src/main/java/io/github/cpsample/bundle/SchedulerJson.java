package io.github.cpsample.bundle;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.cpsample.diffusion.SchedulerSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a scheduler_config.json, with defaults. Fields whose names start with {@code _} are
 * notes of the library that wrote the file; a null means the default.
 */
final class SchedulerJson implements SchedulerSettings.Fields {
  /**
   * Fields that schedulers of other classes have. Converting a scheduler to another class leaves
   * them in the file. They are no contradiction unless they switch something on.
   */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "algorithm_type",
          "clip_sample_range",
          "disable_corrector",
          "dynamic_thresholding_ratio",
          "euler_at_final",
          "final_sigmas_type",
          "flow_shift",
          "interpolation_type",
          "lambda_min_clipped",
          "lower_order_final",
          "predict_x0",
          "sample_max_value",
          "set_alpha_to_one",
          "sigma_max",
          "sigma_min",
          "skip_prk_steps",
          "solver_order",
          "solver_p",
          "solver_type",
          "steps_offset",
          "time_shift_type",
          "timestep_type",
          "variance_type");

  /** Fields that change what a scheduler does, if they are true. */
  private static final Set<String> SWITCHES =
      Set.of(
          "clip_sample",
          "rescale_betas_zero_snr",
          "thresholding",
          "use_beta_sigmas",
          "use_dynamic_shifting",
          "use_exponential_sigmas",
          "use_flow_sigmas",
          "use_karras_sigmas",
          "use_lu_lambdas");

  private final JsonObject known = new JsonObject();
  private final JsonFields fields;
  private final String className;

  SchedulerJson(JsonElement document) {
    JsonFields all = JsonFields.of(document, "");
    this.className = all.text("_class_name");
    for (Map.Entry<String, JsonElement> entry : document.getAsJsonObject().entrySet()) {
      if (!entry.getKey().startsWith("_") && !entry.getValue().isJsonNull()) {
        known.add(entry.getKey(), entry.getValue());
      }
    }
    this.fields = JsonFields.of(known, "");
  }

  @Override
  public String className() {
    return className;
  }

  boolean has(String name) {
    return fields.has(name);
  }

  String text(String name, String otherwise) {
    return fields.has(name) ? fields.text(name) : otherwise;
  }

  @Override
  public String oneOf(String name, String otherwise, String... values) {
    String value = text(name, otherwise);
    if (!List.of(values).contains(value)) {
      throw new IllegalArgumentException(
          name + ": expected one of " + List.of(values) + ", found '" + value + "'");
    }
    return value;
  }

  /** A value that was read before, or need not be known: looking does not count as asking. */
  String glance(String name, String otherwise) {
    JsonElement value = known.get(name);
    return value == null ? otherwise : value.getAsString();
  }

  @Override
  public boolean flag(String name, boolean otherwise) {
    return fields.has(name) ? fields.flag(name) : otherwise;
  }

  @Override
  public int integer(String name, int otherwise) {
    return fields.has(name) ? fields.smallInteger(name) : otherwise;
  }

  @Override
  public double number(String name, double otherwise) {
    return fields.has(name) ? fields.number(name) : otherwise;
  }

  @Override
  public double lowerBound(String name) {
    if (known.get(name) instanceof JsonPrimitive primitive
        && primitive.isString()
        && List.of("-inf", "-Infinity").contains(fields.text(name))) {
      return Double.NEGATIVE_INFINITY;
    }
    return number(name, Double.NEGATIVE_INFINITY);
  }

  @Override
  public List<Double> numbers(String name) {
    return fields.has(name) ? fields.numbers(name) : List.of();
  }

  @Override
  public List<Long> integers(String name) {
    return fields.has(name) ? fields.integers(name) : List.of();
  }

  @Override
  public void refuse(String name, String reason) {
    JsonElement value = known.get(name);
    boolean off =
        value == null
            || (value instanceof JsonPrimitive flag && flag.isBoolean() && !fields.flag(name));
    if (!off) {
      throw new IllegalArgumentException(
          name + ": expected none or false, found " + value + "; " + reason);
    }
  }

  /** Refuses fields that nobody asked for, but for those that other classes have. */
  <T> T finish(T result) {
    for (String name : known.keySet()) {
      if (SWITCHES.contains(name)) {
        if (!fields.asked(name)) {
          refuse(name, className + " does not do this: the setting contradicts the class");
        }
      } else if (!fields.asked(name) && OF_OTHERS.contains(name)) {
        fields.skip(name);
      }
    }
    return fields.finish(result);
  }
}

package io.github.cpsample.diffusion;

import java.util.List;

/**
 * The fields of a scheduler_config.json, as {@link SchedulerSettings} asks for them. A field that
 * is absent or null has the default. All methods throw an {@link IllegalArgumentException} that
 * names field, expected and found if a field has another type than is asked for.
 */
public interface SchedulerFields {
  /**
   * The scheduler's class in diffusers.
   *
   * @return for example {@code DDIMScheduler}
   */
  String className();

  /**
   * A text that must be one of some.
   *
   * @param name the field
   * @param otherwise the default
   * @param values what is allowed
   * @return one of the values
   */
  String oneOf(String name, String otherwise, String... values);

  /**
   * A truth value.
   *
   * @param name the field
   * @param otherwise the default
   * @return the value
   */
  boolean flag(String name, boolean otherwise);

  /**
   * A whole number.
   *
   * @param name the field
   * @param otherwise the default
   * @return the value
   */
  int integer(String name, int otherwise);

  /**
   * A finite number.
   *
   * @param name the field
   * @param otherwise the default
   * @return the value
   */
  double number(String name, double otherwise);

  /**
   * A number that may be negative infinity, which Python writes as {@code -Infinity}.
   *
   * @param name the field
   * @return the value; negative infinity if there is none
   */
  double lowerBound(String name);

  /**
   * A list of numbers.
   *
   * @param name the field
   * @return the values; empty if there are none
   */
  List<Double> numbers(String name);

  /**
   * A list of whole numbers.
   *
   * @param name the field
   * @return the values; empty if there are none
   */
  List<Long> integers(String name);

  /**
   * Refuses a field unless it is absent, null, or false.
   *
   * @param name the field
   * @param reason why it is refused
   */
  void refuse(String name, String reason);
}

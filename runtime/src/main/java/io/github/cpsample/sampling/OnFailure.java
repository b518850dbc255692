package io.github.cpsample.sampling;

import java.util.Arrays;

/** What becomes of an image that the classifier still recognises after it was redone. */
public enum OnFailure {
  /** It is delivered, and its report says so. */
  DELIVER("deliver"),
  /** It is left out of the result, whose totals count it. */
  WITHHOLD("withhold");

  private final String label;

  OnFailure(String label) {
    this.label = label;
  }

  /**
   * The name used on command lines.
   *
   * @return for example {@code withhold}
   */
  public String label() {
    return label;
  }

  /**
   * Finds a choice by its name.
   *
   * @param name {@code deliver} or {@code withhold}
   * @return the choice
   * @throws IllegalArgumentException if there is no such choice
   */
  public static OnFailure named(String name) {
    return Arrays.stream(values())
        .filter(it -> it.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "onFailure: expected deliver or withhold, found " + name));
  }

  @Override
  public String toString() {
    return label;
  }
}

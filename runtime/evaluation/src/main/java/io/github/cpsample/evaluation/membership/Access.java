package io.github.cpsample.evaluation.membership;

import io.github.cpsample.base.Checks;
import java.util.Locale;

/** What an attacker has to have. */
enum Access {
  NOTHING("has the images alone and no model"),
  IMAGES_OUT("sees generated images"),
  IMAGES_IN("has images processed (image to image) and sees what comes out"),
  REPORTS("also learns in how many steps each image was guarded"),
  TRACES("also learns the classifier's certainty in every step"),
  PREDICTIONS("may ask for the model's predictions on noised images"),
  BUNDLE("holds the bundle or the whole-sampler file");

  private final String words;

  Access(String words) {
    this.words = words;
  }

  /** For people. */
  String words() {
    return words;
  }

  /** For report.json. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Access labelled(String label) {
    return Checks.named("access", values(), Access::label, label);
  }
}

package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.guard.TrainingIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code cpsample guard} found, for its JSON file and its table.
 *
 * @param model the model's name
 * @param timesteps noise levels at which the classifier was asked; left out if it was not
 * @param falseAlarms the share of harmless images that the classifier flags at most; left out if
 *     unknown
 * @param flagged number of images that do not pass
 * @param unreadable number of images that could not be read, and so were not checked
 * @param images one entry per image
 */
record GuardReport(
    String model,
    @Nullable List<Integer> timesteps,
    @Nullable Double falseAlarms,
    int flagged,
    int unreadable,
    List<Image> images) {

  /** One image; what was not measured is left out. */
  record Image(
      String image,
      boolean passes,
      List<String> reasons,
      @Nullable Nearest nearest,
      @Nullable List<Double> logCertainty,
      @Nullable String unreadable) {

    static Image unreadable(String name, String reason) {
      return new Image(name, false, List.of(), null, null, reason);
    }

    boolean isUnreadable() {
      return unreadable != null;
    }

    boolean isFlagged() {
      return !passes && !isUnreadable();
    }

    static Image of(String name, GuardVerdict verdict, boolean showCertainty) {
      return new Image(
          name,
          verdict.passes(),
          verdict.reasons(),
          verdict.match().map(Nearest::of).orElse(null),
          showCertainty
              ? verdict.recognition().map(GuardVerdict.Recognition::levels).orElse(null)
              : null,
          null);
    }

    String line() {
      if (isUnreadable()) {
        return "unread    " + unreadable;
      }
      StringBuilder line = new StringBuilder(passes ? "passes   " : "flagged  ");
      if (nearest != null) {
        line.append(String.format(Locale.ROOT, "%8.4f %6.3f  ", nearest.distance, nearest.share));
      }
      if (logCertainty != null) {
        logCertainty.forEach(c -> line.append(String.format(Locale.ROOT, "%8.5f ", Math.exp(c))));
      }
      line.append(' ').append(image);
      reasons.forEach(reason -> line.append("\n           ").append(reason));
      return line.toString();
    }
  }

  /** The nearest training image. */
  record Nearest(
      String image, double distance, double second, double ratio, double share, double cosine) {

    static Nearest of(TrainingIndex.Match match) {
      return new Nearest(
          match.name(),
          match.nearest(),
          match.second(),
          match.ratio(),
          match.share(),
          match.cosine());
    }
  }

  /** What is wrong with the first image that could not be read. */
  String firstUnreadable() {
    return images.stream()
        .map(Image::unreadable)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /** Column titles and one line per image, each with its reasons below. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    StringBuilder title = new StringBuilder("         ");
    if (images.stream().anyMatch(image -> image.nearest != null)) {
      title.append(" nearest  share  ");
    }
    if (timesteps != null && images.stream().anyMatch(image -> image.logCertainty != null)) {
      timesteps.forEach(t -> title.append(String.format(Locale.ROOT, "%8s ", "t=" + t)));
    }
    lines.add(title + " image");
    images.forEach(image -> lines.add(image.line()));
    return lines;
  }
}

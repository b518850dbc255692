package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Several checks as one: an image passes if it passes all of them. Thread-safe; does not own its
 * checks.
 *
 * <pre>{@code
 * ImageGuard guard = ImageGuard.of(IndexCheck.of(index), certaintyCheck);
 * boolean mayBePassedOn = guard.check(List.of(image)).get(0).passes();
 * }</pre>
 */
public final class ImageGuard implements ImageCheck {

  private final List<ImageCheck> checks;

  private ImageGuard(List<ImageCheck> checks) {
    this.checks = checks;
  }

  /**
   * Combines checks.
   *
   * @param checks at least one
   * @return the guard
   */
  public static ImageGuard of(ImageCheck... checks) {
    return of(List.of(checks));
  }

  /**
   * Combines checks.
   *
   * @param checks at least one
   * @return the guard
   */
  public static ImageGuard of(List<ImageCheck> checks) {
    Checks.argument(
        !checks.isEmpty(), "guard", "an index of the training images or a classifier", "neither");
    return new ImageGuard(List.copyOf(checks));
  }

  @Override
  public List<GuardVerdict> check(List<FloatImage> images) {
    List<GuardVerdict> verdicts = checks.get(0).check(images);
    for (ImageCheck check : checks.subList(1, checks.size())) {
      List<GuardVerdict> more = check.check(images);
      List<GuardVerdict> both = new ArrayList<>(images.size());
      for (int i = 0; i < images.size(); i++) {
        both.add(verdicts.get(i).and(more.get(i)));
      }
      verdicts = both;
    }
    return verdicts;
  }
}

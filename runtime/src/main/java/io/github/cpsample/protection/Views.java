package io.github.cpsample.protection;

/**
 * How often a finished image is looked at before it is decided whether it is recognised: once as it
 * is, or, where the classifier was taught that a copy moved by a pixel is a copy, also moved by a
 * pixel in each of eight directions, what comes in being the edge. The logits of all views are
 * averaged: of a stranger they scatter about 0, of a copy they agree. An image about which the
 * classifier is hardly certain as it is, is not looked at again.
 */
public enum Views {
  /** As it is. */
  ONE(1),
  /** As it is, and moved by a pixel in every direction. */
  NINE(9);

  /** Certainty as it is below which an image is not looked at again. */
  public static final double LEAST_CERTAINTY = 0.55;

  private static final int SIDE = 3;

  private final int count;

  Views(int count) {
    this.count = count;
  }

  /**
   * How many views there are.
   *
   * @return at least 1; view 0 is the image as it is
   */
  public int count() {
    return count;
  }

  /**
   * The views of a number.
   *
   * @param count 1 or 9
   * @return the views
   * @throws IllegalArgumentException if the number is another
   */
  public static Views of(int count) {
    for (Views views : values()) {
      if (views.count == count) {
        return views;
      }
    }
    throw new IllegalArgumentException("views: expected 1 or 9, found " + count);
  }

  /**
   * Whether an image is looked at again after it was looked at as it is.
   *
   * @param certainty as it is, in [1/2, 1]
   * @return whether the other views count
   */
  public boolean looksAgain(double certainty) {
    return count > 1 && certainty >= LEAST_CERTAINTY;
  }

  /**
   * How far down a view is moved.
   *
   * @param view from 0
   * @return pixels, -1 to 1
   */
  public static int down(int view) {
    return place(view) / SIDE - 1;
  }

  /**
   * How far to the right a view is moved.
   *
   * @param view from 0
   * @return pixels, -1 to 1
   */
  public static int right(int view) {
    return place(view) % SIDE - 1;
  }

  /** The place in a 3x3 square row by row: the middle is view 0. */
  private static int place(int view) {
    int middle = SIDE * SIDE / 2;
    return view == 0 ? middle : view <= middle ? view - 1 : view;
  }
}

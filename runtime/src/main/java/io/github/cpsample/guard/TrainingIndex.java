package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.DistinctRows;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.RowBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The training images of a model, ready to be searched: which of them is nearest to an image, and
 * is it too near? The search is exact. Immutable and thread-safe; takes four bytes of memory per
 * value.
 *
 * <p><b>The index is the training images.</b> They can be read back from it, in memory and from its
 * file: keep it where they are kept, and never pass it on with a model.
 *
 * <p>Images that are equal value for value are in it once: otherwise the copy of a training image
 * would be its second nearest one and hide every replica of it. Images that are only nearly equal
 * stay apart; see {@link IndexCheck.Closeness#floor()}.
 *
 * <pre>{@code
 * TrainingIndex.Builder builder = TrainingIndex.builder(shape);
 * builder.add("shoe-1.png", values);
 * builder.build().write(file);
 * }</pre>
 */
public final class TrainingIndex {

  private final ImageShape shape;
  private final List<String> names;
  private final int sourceImages;
  private final String fingerprint;
  private final RowBlocks rows;
  private final NearestNeighbours neighbours;

  private TrainingIndex(Builder builder) {
    this.shape = builder.shape;
    this.names = List.copyOf(builder.names);
    this.sourceImages = builder.sourceImages;
    this.fingerprint = builder.fingerprint;
    this.rows = builder.rows.rows();
    this.neighbours = new NearestNeighbours(rows);
  }

  /** Collects the images of an index. Not thread-safe. */
  public static final class Builder {
    private final ImageShape shape;
    private final DistinctRows rows;
    private final List<String> names = new ArrayList<>();
    private int sourceImages;
    private String fingerprint = "";
    private boolean built;

    private Builder(ImageShape shape) {
      this.shape = shape;
      this.rows = new DistinctRows(shape.size());
    }

    /**
     * Adds a training image unless an equal one is there.
     *
     * @param name what to call it in reports; no line breaks
     * @param values {@code [C,H,W]}, about [-1, 1], copied
     * @return this
     * @throws IllegalArgumentException if the number of values is not that of the shape, or one is
     *     not finite
     */
    public Builder add(String name, float[] values) {
      requireOpen();
      Checks.argument(name.lines().count() == 1, "name", "one line of text", "'" + name + "'");
      try {
        if (rows.add(values)) {
          names.add(name);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("image " + name + ": " + e.getMessage(), e);
      }
      sourceImages++;
      return this;
    }

    /**
     * Records which data set this is.
     *
     * @param hex the salted fingerprint, as in {@link
     *     io.github.cpsample.bundle.Manifest.Data#fingerprint()} of the model that the index is for
     * @return this
     */
    public Builder fingerprint(String hex) {
      if (!hex.matches("([0-9a-f]{2})*")) {
        throw new IllegalArgumentException(
            "fingerprint: expected lower-case hexadecimal digits, found '" + hex + "'");
      }
      fingerprint = hex;
      return this;
    }

    /** For a file that says how many images there were. */
    Builder sourceImages(int count) {
      sourceImages = count;
      return this;
    }

    /**
     * Makes the index. The builder is used up.
     *
     * @return the index
     * @throws IllegalArgumentException if there are fewer than two different images
     */
    public TrainingIndex build() {
      requireOpen();
      Checks.argument(
          names.size() >= 2, "training index", "at least 2 different images", names.size());
      built = true;
      return new TrainingIndex(this);
    }

    private void requireOpen() {
      if (built) {
        throw new IllegalStateException("training index: expected a new builder, found a used one");
      }
    }
  }

  /**
   * Starts an index.
   *
   * @param shape the shape of all its images: the model's
   * @return a builder without images
   */
  public static Builder builder(ImageShape shape) {
    return new Builder(shape);
  }

  /**
   * Reads an index.
   *
   * @param file what {@link #write} wrote
   * @return the index
   * @throws IOException naming the file, expected and found, if it is missing, no index, of another
   *     version, truncated or altered
   */
  public static TrainingIndex read(Path file) throws IOException {
    return TrainingIndexFile.read(file);
  }

  /**
   * Writes the index under a temporary name in the same folder and moves it into place. The file is
   * as sensitive as the training images.
   *
   * @param file where to; readable by its owner alone where the file system knows owners
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    TrainingIndexFile.write(this, file);
  }

  /**
   * The shape of the images.
   *
   * @return the shape
   */
  public ImageShape shape() {
    return shape;
  }

  /**
   * The number of different images.
   *
   * @return at least 2
   */
  public int size() {
    return rows.size();
  }

  /**
   * The number of images that the index was made from, equal ones included.
   *
   * @return at least {@link #size()}
   */
  public int sourceImages() {
    return sourceImages;
  }

  /**
   * Which data set it was made from.
   *
   * @return the salted fingerprint, or empty if none was recorded
   */
  public String fingerprint() {
    return fingerprint;
  }

  /** Names of the different images, in order. */
  List<String> names() {
    return names;
  }

  /** One image. */
  float[] values(int index) {
    return rows.row(index);
  }

  /**
   * Holds images against the training images.
   *
   * @param images images of the index's shape
   * @param closeness what is too close
   * @return one match per image, in order
   * @throws IllegalArgumentException if an image has another shape or a value is not finite
   */
  public List<Match> match(List<FloatImage> images, IndexCheck.Closeness closeness) {
    for (FloatImage image : images) {
      requireShape(image.shape());
    }
    float[][] queries = images.stream().map(FloatImage::values).toArray(float[][]::new);
    int count = Math.min(size(), closeness.rule().neighbours() + 1);
    List<List<NearestNeighbours.Neighbour>> found = neighbours.find(queries, count);
    List<Match> matches = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      matches.add(match(queries[i], found.get(i), closeness));
    }
    return matches;
  }

  /**
   * A training image and how far it is from another image.
   *
   * @param name what it is called
   * @param image the training image itself
   * @param distance root mean square difference per value, values being in about [-1, 1]
   */
  public record Neighbour(String name, FloatImage image, double distance) {
    public Neighbour {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(image, "image");
    }
  }

  /**
   * The training images that are nearest to an image.
   *
   * @param image an image of the index's shape
   * @param count how many, in {@code [1, size()]}
   * @return the training images, the nearest first
   * @throws IllegalArgumentException if the image has another shape, a value is not finite, or
   *     {@code count} is out of range
   */
  public List<Neighbour> nearest(FloatImage image, int count) {
    requireShape(image.shape());
    double scale = Math.sqrt(shape.size());
    return neighbours.find(new float[][] {image.values()}, count).get(0).stream()
        .map(
            found ->
                new Neighbour(
                    names.get(found.index()),
                    FloatImage.copyOf(shape, rows.row(found.index()), 0),
                    found.distance() / scale))
        .toList();
  }

  /**
   * Refuses what is not of the index's shape.
   *
   * @param other the shape of an image or a model
   * @throws IllegalArgumentException if it is another shape
   */
  public void requireShape(ImageShape other) {
    if (!other.equals(shape)) {
      throw new IllegalArgumentException(
          "training index: expected images of "
              + shape
              + ", found "
              + other
              + "; make the index for the model with 'cpsample index'");
    }
  }

  private Match match(
      float[] image, List<NearestNeighbours.Neighbour> found, IndexCheck.Closeness closeness) {
    double scale = Math.sqrt(shape.size());
    NearestNeighbours.Neighbour first = found.get(0);
    double nearest = first.distance() / scale;
    double meanOfNext =
        found.stream()
                .skip(1)
                .mapToDouble(NearestNeighbours.Neighbour::distance)
                .average()
                .orElseThrow()
            / scale;
    return new Match(
        names.get(first.index()),
        nearest,
        found.get(1).distance() / scale,
        meanOfNext,
        cosine(image, rows.row(first.index())),
        closeness.isTooClose(nearest, meanOfNext));
  }

  private static double cosine(float[] a, float[] b) {
    double meanA = mean(a);
    double meanB = mean(b);
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      double fromMeanA = a[i] - meanA;
      double fromMeanB = b[i] - meanB;
      product += fromMeanA * fromMeanB;
      squaresA += fromMeanA * fromMeanA;
      squaresB += fromMeanB * fromMeanB;
    }
    double length = Math.sqrt(squaresA * squaresB);
    return length > 0 ? product / length : 0;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /**
   * One image held against the training images. Distances are root mean square differences per
   * value, values being in about [-1, 1].
   *
   * @param name what the nearest training image is called
   * @param nearest distance to it
   * @param second distance to the second nearest, different training image
   * @param meanOfNext mean distance to the next nearest ones after the first, as many as the rule
   *     asks for
   * @param cosine of the angle between the image and the nearest training image, each less its own
   *     mean: 1 for copies that differ in brightness and contrast only; 0 if one of the two is flat
   * @param tooClose whether the image is too close
   */
  public record Match(
      String name,
      double nearest,
      double second,
      double meanOfNext,
      double cosine,
      boolean tooClose) {

    public Match {
      Objects.requireNonNull(name, "name");
    }

    /**
     * The distance to the nearest training image as a share of that to the second nearest.
     *
     * @return in [0, 1]
     */
    public double ratio() {
      return nearest / second;
    }

    /**
     * The distance to the nearest training image as a share of the mean distance to the next ones:
     * what the replica rule compares with its threshold.
     *
     * @return in [0, 1]
     */
    public double share() {
      return nearest / meanOfNext;
    }

    /**
     * The match in words, for reports.
     *
     * @return one clause that names the training image
     */
    public String describe() {
      return String.format(
          Locale.ROOT,
          "%s at %.4f, %.3f of the mean distance to the next nearest",
          name,
          nearest,
          share());
    }
  }
}

package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.protection.Correction.Move;
import java.util.List;

/**
 * One step of some images, as a {@link Observer} sees it. Every image may be at a step of its own.
 * Reads the sampler's own buffers, which the next step overwrites: copy what is to be kept. Nothing
 * can be changed through it. Belongs to the thread that samples.
 */
public final class ObservedStep {
  private final PredictionType type;
  private List<Row> rows = List.of();
  private List<float[]> before = List.of();

  ObservedStep(PredictionType type) {
    this.type = type;
  }

  /** A step is about to be taken: what enters it is copied. */
  void begin(List<Row> nextRows) {
    this.rows = List.copyOf(nextRows);
    this.before = rows.stream().map(row -> row.state().x().clone()).toList();
  }

  /**
   * How many images take the step.
   *
   * @return at least 1
   */
  public int rows() {
    return rows.size();
  }

  /**
   * Which image of the request is in a row.
   *
   * @param row in [0, rows)
   * @return from 0
   */
  public int image(int row) {
    return rows.get(row).image();
  }

  /**
   * Values of one image.
   *
   * @return C*H*W, of the latents where the model has them
   */
  public int size() {
    return before.get(0).length;
  }

  /**
   * The seed of an image.
   *
   * @param row in [0, rows)
   * @return the seed
   */
  public long seed(int row) {
    return rows.get(row).job().settings().seedOf(image(row));
  }

  /**
   * How many steps the image had taken before this one.
   *
   * @param row in [0, rows)
   * @return from 0; where steps are repeated, every time counts
   */
  public int index(int row) {
    return rows.get(row).calls();
  }

  /**
   * Which step of the plan this was: rows that are sent back come to the same place again, and rows
   * of one request are at the same noise level where they are at the same place.
   *
   * @param row in [0, rows)
   * @return from 0, see {@link io.github.cpsample.diffusion.Plan}
   */
  public int place(int row) {
    return rows.get(row).position();
  }

  /**
   * The training timestep that the networks were given for an image.
   *
   * @param row in [0, rows)
   * @return in [0, T - 1], may be fractional
   */
  public double timestep(int row) {
    return rows.get(row).step().timestep();
  }

  /**
   * The fraction of signal variance of x_t.
   *
   * @param row in [0, rows)
   * @return abar, in [0, 1]
   */
  public double alphasCumprod(int row) {
    return rows.get(row).step().alphasCumprod();
  }

  /**
   * Whether the classifier was asked about an image in this step.
   *
   * @param row in [0, rows)
   * @return false without protection and outside of the guarded timesteps
   */
  public boolean asked(int row) {
    return rows.get(row).query().asked();
  }

  /**
   * Whether an image was guarded in this step.
   *
   * @param row in [0, rows)
   * @return false also where the classifier was not asked
   */
  public boolean guarded(int row) {
    return rows.get(row).query().guarded();
  }

  /**
   * Whether an image was moved in this step: it was guarded, by a correction that moves images and
   * does not only send them back.
   *
   * @param row in [0, rows)
   * @return false where it was not guarded
   */
  public boolean moved(int row) {
    return rows.get(row).query().move() != Move.NONE;
  }

  /**
   * The classifier's certainty about what it was asked about: x_t, or the image that the denoiser
   * saw in it.
   *
   * @param row in [0, rows)
   * @return in [1/2, 1]
   * @throws IllegalStateException if the classifier was not asked
   */
  public double certainty(int row) {
    requireAnswer(row, asked(row), "certainty");
    return rows.get(row).query().certainty();
  }

  /**
   * The classifier's answer about an image.
   *
   * @param row in [0, rows)
   * @return its K logits, a new array
   * @throws IllegalStateException if the classifier was not asked
   */
  public float[] logits(int row) {
    requireAnswer(row, asked(row), "logits");
    return rows.get(row).query().logits().clone();
  }

  /**
   * What the classifier was asked about: {@link #before x_t}, or the image that the denoiser saw in
   * it, clipped where it is one of pixels.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   * @throws IllegalStateException if the classifier was not asked
   */
  public float[] subject(int row) {
    requireAnswer(row, asked(row), "subject");
    Query query = rows.get(row).query();
    return query.asksAboutPrediction() ? query.predictedImage().clone() : before(row);
  }

  /**
   * What entered the step, and what the networks saw: x_t.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   */
  public float[] before(int row) {
    return before.get(row).clone();
  }

  /**
   * What left the step.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   */
  public float[] after(int row) {
    return rows.get(row).state().x().clone();
  }

  /**
   * The noise that the denoiser saw in x_t, before any guidance and clipping.
   *
   * @param row in [0, rows)
   * @return epsilon, a new array, [C,H,W]
   */
  public float[] epsilon(int row) {
    Row of = rows.get(row);
    return type.toEpsilon(before.get(row), of.state().prediction(), of.step().level());
  }

  /**
   * The image that the denoiser took x_t for, before any guidance and clipping.
   *
   * @param row in [0, rows)
   * @return x_0, a new array, [C,H,W]
   */
  public float[] sample(int row) {
    Row of = rows.get(row);
    return type.toSample(before.get(row), of.state().prediction(), of.step().level());
  }

  /**
   * The guidance of an image that was moved: what was taken from the predicted noise, over {@code
   * sqrt(1 - abar)}. Of a push it is {@code g = s grad log p}, with respect to x_t.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   * @throws IllegalStateException if the image was not moved
   */
  public float[] guidance(int row) {
    requireAnswer(row, moved(row), "guidance");
    return rows.get(row).state().guidance().clone();
  }

  private void requireAnswer(int row, boolean present, String what) {
    if (!present) {
      throw new IllegalStateException(
          what
              + ": expected a step in which there is one, found step "
              + index(row)
              + ", timestep "
              + timestep(row)
              + ", without; ask asked() or moved() first");
    }
  }

  /**
   * Sees the inside of a request, step by step: for measurements of what the guard does, by whoever
   * holds the training images.
   *
   * <p><b>What it sees is a membership test.</b> Certainties and logits tell training images from
   * others. They are for the party that the training images belong to, and never for the users of a
   * service: the plugin's interface does not offer an observer, and results hold nothing of what it
   * saw.
   */
  @FunctionalInterface
  public interface Observer {

    /**
     * Called after every step of every batch, in the thread that samples. An exception thrown from
     * here ends the request and reaches the caller unchanged.
     *
     * @param step what was done; valid during the call only
     */
    void afterStep(ObservedStep step);
  }
}

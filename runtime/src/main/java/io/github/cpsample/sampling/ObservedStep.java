package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import java.util.Objects;

/**
 * One step of a batch, as a {@link StepObserver} sees it. Reads the sampler's own buffers, which
 * the next step overwrites: copy what is to be kept. Nothing can be changed through it. Belongs to
 * the thread that samples.
 */
public final class ObservedStep {
  private final SampleSettings settings;
  private final PredictionType type;
  private final SamplerState state;
  private final StepOutcome outcome;
  private final float[] before;
  private int firstImage;
  private int rows;
  private int index;
  private SamplerStep step;

  ObservedStep(
      SampleSettings settings, PredictionType type, SamplerState state, StepOutcome outcome) {
    this.settings = settings;
    this.type = type;
    this.state = state;
    this.outcome = outcome;
    this.before = new float[state.x().length];
  }

  /** A step is about to be taken: what enters it is copied. */
  void begin(int firstImageOfBatch, int rowsOfBatch, int indexOfStep, SamplerStep nextStep) {
    this.firstImage = firstImageOfBatch;
    this.rows = rowsOfBatch;
    this.index = indexOfStep;
    this.step = nextStep;
    System.arraycopy(state.x(), 0, before, 0, rows * state.rowSize());
  }

  /**
   * Which image of the request is in row 0.
   *
   * @return from 0
   */
  public int firstImage() {
    return firstImage;
  }

  /**
   * How many images the batch has.
   *
   * @return at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * Values of one image.
   *
   * @return C*H*W, of the latents where the model has them
   */
  public int size() {
    return state.rowSize();
  }

  /**
   * The seed of an image.
   *
   * @param row in [0, rows)
   * @return the seed
   */
  public long seed(int row) {
    return settings.seedOf(firstImage + requireRow(row));
  }

  /**
   * Which step of the trajectory this was.
   *
   * @return from 0; where steps are repeated, every time counts
   */
  public int index() {
    return index;
  }

  /**
   * The training timestep that the networks were given.
   *
   * @return in [0, T - 1], may be fractional
   */
  public double timestep() {
    return step.timestep();
  }

  /**
   * The fraction of signal variance of x_t.
   *
   * @return abar, in [0, 1]
   */
  public double alphasCumprod() {
    return step.alphasCumprod();
  }

  /**
   * Whether the classifier was asked in this step.
   *
   * @return false without protection and outside of the guarded timesteps
   */
  public boolean asked() {
    return outcome.asked();
  }

  /**
   * Whether an image was guarded in this step.
   *
   * @param row in [0, rows)
   * @return false also where the classifier was not asked
   */
  public boolean guarded(int row) {
    return outcome.guarded(requireRow(row));
  }

  /**
   * The classifier's certainty about an image.
   *
   * @param row in [0, rows)
   * @return in [1/2, 1]
   * @throws IllegalStateException if the classifier was not asked
   */
  public double certainty(int row) {
    requireAnswer(asked(), "certainty");
    return outcome.certainty(requireRow(row));
  }

  /**
   * The classifier's answer about an image.
   *
   * @param row in [0, rows)
   * @return its K logits at x_t, a new array
   * @throws IllegalStateException if the classifier was not asked
   */
  public float[] logits(int row) {
    requireAnswer(asked(), "logits");
    return outcome.logits(requireRow(row));
  }

  /**
   * What entered the step, and what the networks saw: x_t.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   */
  public float[] before(int row) {
    return copy(before, row);
  }

  /**
   * What left the step.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   */
  public float[] after(int row) {
    return copy(state.x(), row);
  }

  /**
   * The noise that the denoiser saw in x_t, before any guidance and clipping.
   *
   * @param row in [0, rows)
   * @return epsilon, a new array, [C,H,W]
   */
  public float[] epsilon(int row) {
    float[] values = copy(state.prediction(), row);
    int from = state.offset(row);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) type.toEpsilon(before[from + i], values[i], alphasCumprod());
    }
    return values;
  }

  /**
   * The image that the denoiser took x_t for, before any guidance and clipping.
   *
   * @param row in [0, rows)
   * @return x_0, a new array, [C,H,W]
   */
  public float[] sample(int row) {
    float[] values = copy(state.prediction(), row);
    int from = state.offset(row);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) type.toSample(before[from + i], values[i], alphasCumprod());
    }
    return values;
  }

  /**
   * The guidance {@code g = s grad log p} of a guarded image.
   *
   * @param row in [0, rows)
   * @return a new array, [C,H,W]
   * @throws IllegalStateException if the image was not guarded
   */
  public float[] guidance(int row) {
    requireAnswer(guarded(row), "guidance");
    return copy(state.guidance(), row);
  }

  private float[] copy(float[] values, int row) {
    float[] copy = new float[state.rowSize()];
    System.arraycopy(values, state.offset(requireRow(row)), copy, 0, copy.length);
    return copy;
  }

  private int requireRow(int row) {
    return Objects.checkIndex(row, rows);
  }

  private void requireAnswer(boolean present, String what) {
    if (!present) {
      throw new IllegalStateException(
          what
              + ": expected a step in which there is one, found step "
              + index
              + ", timestep "
              + timestep()
              + ", without; ask asked() or guarded() first");
    }
  }
}

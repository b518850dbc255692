package io.github.cpsample.sampling;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.protection.Correction.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request of a {@link RunningBatch}: which of its images are under way, and what it comes to.
 * How far it is may be asked in any thread; its result in any thread that knows that it is done.
 */
public final class RunningRequest {
  private static final double NANOS_PER_SECOND = 1e9;

  private final SampleJob job;
  private final RowCalls.Kind kind;
  private final String device;
  private final Optional<String> fallbackReason;
  private final long start = System.nanoTime();
  private final FloatImage[] images;
  private final ImageReport[] reports;

  /** The images under way; the first of them have places in the batch. */
  private final List<Row> rows = new ArrayList<>();

  private int places;
  private long turn;
  private int next;
  private int finished;
  private long stepsToOpen;
  private long stepsOfFinished;
  private long calls;
  private long asked;
  private long guarded;
  private long end;
  private @Nullable RuntimeException failure;
  private volatile Steps steps;

  private record Steps(long done, long left) {}

  RunningRequest(SampleJob job, RowCalls.Kind kind, Networks networks) {
    this.job = job;
    this.kind = kind;
    this.device = networks.device().device().toString();
    this.fallbackReason = networks.device().fallbackReason();
    int count = job.settings().images().count();
    this.images = new FloatImage[count];
    this.reports = new ImageReport[count];
    for (int image = 0; image < count; image++) {
      stepsToOpen += job.calls(image);
    }
    this.steps = new Steps(0, stepsToOpen);
  }

  /**
   * What is done, the model's defaults filled in.
   *
   * @return the settings
   */
  public SampleSettings settings() {
    return job.settings();
  }

  /**
   * How many steps its images have taken.
   *
   * @return their sum
   */
  public long stepsDone() {
    return steps.done();
  }

  /**
   * How many steps its images take as far as is known: images that are sent back take more.
   *
   * @return their sum, at least 1
   */
  public long stepsTotal() {
    Steps now = steps;
    return now.done() + now.left();
  }

  /**
   * What it came to. Latents are decoded in the calling thread.
   *
   * @return images in the order of their seeds, values about [-1, 1], and reports; the calls
   *     counted are those that it had a part in, its seconds run from when it was prepared
   * @throws IllegalStateException if it is not done, or the sampler is closed
   * @throws io.github.cpsample.inference.InferenceException if it failed: ONNX Runtime did, or a
   *     number was not finite
   */
  public SampleResult result() {
    if (failure != null) {
      throw failure;
    }
    if (!isDone()) {
      throw new IllegalStateException(
          "request: expected one that is done, found "
              + finished
              + " of "
              + images.length
              + " images finished");
    }
    List<FloatImage> whole = job.pictures(List.of(images));
    List<FloatImage> delivered = new ArrayList<>();
    List<ImageReport> told = new ArrayList<>();
    for (int i = 0; i < reports.length; i++) {
      if (!(reports[i].recognised()
          && settings().guarding().onFailure() == SampleRequest.OnFailure.WITHHOLD)) {
        delivered.add(whole.get(i));
        told.add(reports[i]);
      }
    }
    SampleResult.Totals totals =
        new SampleResult.Totals(
            SampleResult.Totals.guarded(told),
            reports.length - told.size(),
            calls,
            asked,
            guarded,
            (end - start) / NANOS_PER_SECOND,
            device,
            fallbackReason);
    return new SampleResult(delivered, told, settings(), totals);
  }

  /** What its rows share. */
  SampleJob job() {
    return job;
  }

  /** What the calls have in common that its rows may take part in. */
  RowCalls.Kind kind() {
    return kind;
  }

  /** Whether all images are finished, or it failed. */
  boolean isDone() {
    return failure != null || finished == images.length;
  }

  /** How many images are not finished. */
  int unfinished() {
    return images.length - finished;
  }

  /** How many places it has in the batch. */
  int places() {
    return places;
  }

  /** When it came, or last had an image finished, among all requests. */
  long turn() {
    return turn;
  }

  void takeTurn(long now) {
    turn = now;
  }

  /**
   * Takes places in the next call.
   *
   * @param count at most as many as there are unfinished images
   * @return the rows in these places
   */
  List<Row> take(int count) {
    places = count;
    while (rows.size() < count) {
      stepsToOpen -= job.calls(next);
      rows.add(job.open(next++));
    }
    return List.copyOf(rows.subList(0, count));
  }

  /** Its images under way begin anew. */
  void restart() {
    rows.replaceAll(row -> job.open(row.image()));
  }

  /** Counts a call that some of its rows took part in, and the classifier's answers about these. */
  void count(List<Row> taken) {
    calls++;
    for (Row row : taken) {
      asked += row.query().asked() ? 1 : 0;
      guarded += row.query().move() != Move.NONE ? 1 : 0;
    }
  }

  void countChecked(int rowsChecked) {
    asked += rowsChecked;
  }

  /**
   * Takes out what is finished, and says how far it is.
   *
   * @return whether an image is finished
   */
  boolean settle() {
    int before = finished;
    for (Row row : rows) {
      if (row.isDone()) {
        images[row.image()] = job.image(row);
        reports[row.image()] = job.report(row);
        stepsOfFinished += row.calls();
        finished++;
      }
    }
    rows.removeIf(Row::isDone);
    places -= finished - before;
    long done = stepsOfFinished;
    long left = stepsToOpen;
    for (Row row : rows) {
      done += row.calls();
      left += row.left();
    }
    end = System.nanoTime();
    steps = new Steps(done, left);
    return finished > before;
  }

  void fail(RuntimeException reason) {
    failure = reason;
  }

  /** How often the batch of this request alone would still call the denoiser. */
  int callsLeft() {
    return job.callsLeft(rows, next);
  }
}

package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** What the rows of one request share. Thread-safe once it is made. */
final class SampleJob {
  private final SampleSettings settings;
  private final PipelineParts parts;
  private final Plan plan;
  private final Conditions.Guided conditions;
  private final Optional<Inpainting> inpainting;

  /**
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  SampleJob(
      PipelineParts parts, Manifest manifest, NoiseSchedule schedule, SampleSettings settings) {
    this.settings = settings;
    this.parts = parts;
    this.plan = settings.plan(schedule, manifest.denoiser());
    Optional<Inpainting> given = settings.shown().origin().inpainting();
    given.ifPresent(it -> it.requireSound(plan.trajectory()));
    for (int image = 0; image < settings.images().count(); image++) {
      resampling().requireFitting(plan.first(share(image)), plan.trajectory().steps().size());
    }
    this.conditions = parts.conditions(settings);
    this.inpainting = given.map(parts::sampled);
  }

  SampleSettings settings() {
    return settings;
  }

  Plan plan() {
    return plan;
  }

  Conditions.Guided conditions() {
    return conditions;
  }

  Optional<ProtectionSettings> protection() {
    return settings.guarding().on()
        ? Optional.of(settings.guarding().protection())
        : Optional.empty();
  }

  Inpainting.Resampling resampling() {
    return settings.shown().origin().resampling();
  }

  /** The share of the trajectory's calls that an image makes. */
  double share(int image) {
    return settings.shown().origin().strength(image);
  }

  /** How often an image calls the denoiser. */
  int calls(int image) {
    return resampling().calls(plan.first(share(image)), plan.trajectory().steps().size());
  }

  /**
   * How often the denoiser is still called, an image taking the place of one that is done, if no
   * row is sent back any more.
   *
   * @param under the rows that are under way
   * @param next the first image that is not
   */
  int callsLeft(List<Row> under, int next) {
    PriorityQueue<Integer> ends = new PriorityQueue<>();
    int last = 0;
    for (Row row : under) {
      ends.add(row.left());
      last = Math.max(last, row.left());
    }
    for (int image = next; image < settings.images().count(); image++) {
      int begin = ends.size() < settings.images().batchSize() ? 0 : ends.remove();
      int end = Math.addExact(begin, calls(image));
      ends.add(end);
      last = Math.max(last, end);
    }
    return last;
  }

  /** Draws an image's starting noise and puts it where its first step expects it. */
  Row open(int image) {
    RandomMode.ImageNoise noise = settings.images().noise().open(settings.seedOf(image));
    float[] initial = new float[settings.images().shape().size()];
    noise.initial().fill(initial, 0, initial.length);
    SampleOrigin origin = settings.shown().origin();
    origin
        .interpolation()
        .ifPresent(
            it -> it.mix(initial, image, settings.images().count(), settings.images().noise()));
    boolean freshNoise = !plan.memory().spansSteps();
    Optional<Inpainting.KnownRegion> known =
        inpainting.map(
            it ->
                new Inpainting.KnownRegion(
                    it.knownOf(image), it.maskOf(image), initial, freshNoise));
    int first = plan.first(share(image));
    Row row = new Row(this, image, noise, known, first);
    SamplerState state = row.state();
    System.arraycopy(initial, 0, state.noise(), 0, initial.length);
    begin(image, first, state);
    return row;
  }

  /** Begins an image with the state's noise: as noise, or as the image that it starts from. */
  void begin(int image, int place, SamplerState state) {
    SampleOrigin origin = settings.shown().origin();
    if (origin.start().isPresent()) {
      parts.sampled(origin.start().get().of(image)).copyTo(state.x(), 0);
      plan.beginAt(place, state);
    } else {
      System.arraycopy(state.noise(), 0, state.x(), 0, state.size());
      plan.begin(place, state);
    }
  }

  /** Whether the classifier is asked about finished images. */
  boolean checksFinished() {
    return settings.guarding().on() && settings.guarding().protection().correction().redos() > 0;
  }

  /** The image of a row that is done. */
  FloatImage image(Row row) {
    return FloatImage.copyOf(settings.images().shape(), row.state().x(), 0);
  }

  /** Images of what was sampled, with what is known of them. */
  List<FloatImage> pictures(List<FloatImage> sampled) {
    return parts.images(sampled, settings.shown().origin().inpainting());
  }

  /** What happened to a row. */
  ImageReport report(Row row) {
    return new ImageReport(
        settings.seedOf(row.image()),
        row.calls(),
        row.guardedSteps(),
        row.corrected(),
        row.redone(),
        row.recognised(),
        settings.guarding().traced() && settings.guarding().on()
            ? Optional.of(row.certainties())
            : Optional.empty());
  }
}

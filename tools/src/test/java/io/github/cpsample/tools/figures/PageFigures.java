package io.github.cpsample.tools.figures;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.guard.GuaranteedSampler;
import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.guard.ImageCheck;
import io.github.cpsample.guard.ImageGuard;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.Sanitizer;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.ContactSheet;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.trainer.build.BundledEvaluation;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what docs/guide/guard.md and docs/guide/ways-to-sample.md say of the shipped model:
 * prints their tables and writes their pictures. Run it by hand when the shipped model has changed
 * (CONTRIBUTING.md has the command). It stands among the tests because only the tools see the
 * shipped model, its training images, the guard and the evaluation together, because it shares the
 * comparison of filled parts with {@code InpaintingIT}, and because nobody who uses the tools needs
 * it.
 *
 * <p>The training images are those that the model was trained on, so nothing here is independent of
 * them; the seeds were chosen before anything was seen.
 */
public final class PageFigures {

  private static final List<String> PARTS =
      List.of("guard", "sanitize", "sanitize-by-both", "guarantee", "inpainting", "image-to-image");
  private static final long GUARANTEE_SEED = 3_000_000;
  private static final int GUARANTEED = 500;
  private static final long PROMPT_SEED = 9_000_000;
  private static final int SIDE = 28;
  private static final Mask EVERYTHING = Mask.of(SIDE, SIDE, (y, x) -> true);
  private static final Mask RIGHT_HALF = Mask.of(SIDE, SIDE, (y, x) -> x >= 14);
  private static final Mask CENTRE =
      Mask.of(SIDE, SIDE, (y, x) -> y >= 7 && y < 21 && x >= 7 && x < 21);
  private static final int PICTURED = 12;
  private static final ContactSheet PAIRS = new ContactSheet(8, 2, 3);
  private static final ContactSheet ROWS = new ContactSheet(PICTURED, 4, 2);

  private final Path folder;
  private final PrintStream out;
  private final ModelBundle bundle;
  private final ProtectedSampler sampler;
  private final Prompts prompts;
  private final List<FloatImage> training;
  private final IndexCheck index;

  private PageFigures(
      Path folder, int times, PrintStream out, ModelBundle bundle, ProtectedSampler sampler) {
    this.folder = folder;
    this.out = out;
    this.bundle = bundle;
    this.sampler = sampler;
    int count = bundle.manifest().data().trainingImages();
    this.training = images(BundledEvaluation.trainingImages(count));
    this.prompts = new Prompts(training, PROMPT_SEED, times);
    TrainingIndex.Builder builder = TrainingIndex.builder(bundle.manifest().image());
    for (int i = 0; i < count; i++) {
      builder.add("image " + i, training.get(i).values());
    }
    this.index = IndexCheck.of(builder.build());
  }

  /**
   * Measures.
   *
   * @param arguments the folder for the pictures, and how many seeds each training image is given
   *     with as a prompt; then, if not all is wanted, the parts: guard, sanitize, guarantee,
   *     inpainting, image-to-image
   * @throws IOException if a picture cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int times = Integer.parseInt(arguments[1]);
    List<String> parts =
        arguments.length > 2 ? Arrays.asList(arguments).subList(2, arguments.length) : PARTS;
    try (ModelBundle bundle = ModelBundle.named("fashion-mnist");
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      PageFigures figures = new PageFigures(folder, times, System.out, bundle, sampler);
      for (String part : parts) {
        figures.measure(part);
      }
    }
  }

  private void measure(String part) throws IOException {
    out.printf("%n## %s%n%n", part);
    switch (part) {
      case "guard" -> guard();
      case "sanitize" -> sanitize("index", index);
      case "sanitize-by-both" -> sanitizeByBoth();
      case "guarantee" -> guarantee();
      case "inpainting" -> inpainting();
      case "image-to-image" -> imageToImage();
      default -> throw new IllegalArgumentException("expected one of " + PARTS + ", found " + part);
    }
  }

  private CertaintyCheck certainty() {
    return CertaintyCheck.open(bundle, ResolvedDevice.of(Device.cpu()), CertaintyCheck.DRAWS, 0);
  }

  /** The first half sets the classifier's limits, the second is checked. */
  private static List<FloatImage> heldOut() {
    try (ImageDataset images = BundledFashionMnist.heldOutImages()) {
      return images(InMemoryImages.load(images, new BrokenImages(fault -> {})).rows());
    }
  }

  private static List<FloatImage> images(float[][] rows) {
    ImageShape shape = BundledFashionMnist.SHAPE;
    return Arrays.stream(rows).map(row -> FloatImage.copyOf(shape, row, 0)).toList();
  }

  private void guard() {
    List<FloatImage> heldOut = heldOut();
    int half = heldOut.size() / 2;
    try (CertaintyCheck certainty = certainty()) {
      double guess = certainty.limit().score();
      double loose = certainty.calibrate(heldOut.subList(0, half), 0.05).score();
      double strict = certainty.calibrate(heldOut.subList(0, half), 0.01).score();
      out.println("asked at t = " + certainty.timesteps());
      out.println(
          "| images | index | classifier, 1 % | classifier, 5 % | classifier, guess"
              + " | index or classifier, 1 % |");
      out.println("|---|---|---|---|---|---|");
      ImageGuard both = ImageGuard.of(index, certainty);
      double[] limits = {strict, loose, guess};
      guardRow("the training images", both.check(training), limits);
      for (Alteration alteration : Alteration.all()) {
        guardRow(alteration.name(), both.check(alteration.of(training)), limits);
      }
      guardRow(
          "other held-out images: false alarms",
          both.check(heldOut.subList(half, heldOut.size())),
          limits);
    }
  }

  private void guardRow(String name, List<GuardVerdict> verdicts, double[] limits) {
    List<String> cells = new ArrayList<>(List.of(name));
    cells.add(share(verdicts, verdict -> verdict.match().orElseThrow().tooClose()));
    for (double limit : limits) {
      cells.add(share(verdicts, verdict -> verdict.recognition().orElseThrow().score() > limit));
    }
    cells.add(share(verdicts, verdict -> !verdict.passes()));
    row(cells);
  }

  private static String share(List<GuardVerdict> verdicts, Predicate<GuardVerdict> flagged) {
    return rate(verdicts.stream().filter(flagged).count(), verdicts.size());
  }

  private void sanitizeByBoth() throws IOException {
    try (CertaintyCheck certainty = certainty()) {
      List<FloatImage> heldOut = heldOut();
      certainty.calibrate(heldOut.subList(0, heldOut.size() / 2), 0.01);
      sanitize("index and classifier", ImageGuard.of(index, certainty));
    }
  }

  private void sanitize(String name, ImageCheck check) throws IOException {
    out.println(
        "| check | first strength | pass | tries: images | share of the mean distance to the next"
            + " five, least, mean, most | nearest is still the original |");
    out.println("|---|---|---|---|---|---|");
    for (double first : List.of(0.4, 0.1)) {
      sanitize(name, check, first);
    }
  }

  private void sanitize(String name, ImageCheck check, double first) throws IOException {
    Sanitizer.Settings standard = Sanitizer.Settings.STANDARD;
    Sanitizer sanitizer =
        new Sanitizer(
            sampler,
            check,
            new Sanitizer.Settings(first, standard.lastStrength(), standard.tries()));
    List<Sanitizer.Result> done = new ArrayList<>();
    List<FloatImage> pairs = new ArrayList<>();
    int own = 0;
    for (int i = 0; i < training.size(); i++) {
      try {
        Sanitizer.Result result =
            sanitizer.sanitize(training.get(i), SampleRequest.of(1).withSeed(i), Progress.none());
        done.add(result);
        pairs.addAll(List.of(training.get(i), result.image()));
        own += match(result).name().equals("image " + i) ? 1 : 0;
      } catch (Sanitizer.FailedException e) {
        out.println("image " + i + ": " + e.getMessage());
      }
    }
    DoubleSummaryStatistics shares =
        done.stream().mapToDouble(result -> match(result).share()).summaryStatistics();
    row(
        List.of(
            name,
            Double.toString(first),
            rate(done.size(), training.size()),
            tries(done.stream().map(Sanitizer.Result::tries).toList()),
            String.format(
                Locale.ROOT,
                "%.2f, %.2f, %.2f",
                shares.getMin(),
                shares.getAverage(),
                shares.getMax()),
            Integer.toString(own)));
    picture("sanitize-" + name.replace(' ', '-') + "-" + first, PAIRS, pairs);
  }

  private static TrainingIndex.Match match(Sanitizer.Result result) {
    return result.after().match().orElseThrow();
  }

  /** How many images took how many tries, in ascending order. */
  private static String tries(List<Integer> tries) {
    List<String> counts = new ArrayList<>();
    for (int number : tries.stream().sorted().distinct().toList()) {
      counts.add(number + ": " + tries.stream().filter(each -> each == number).count());
    }
    return String.join(", ", counts);
  }

  private void guarantee() {
    out.println(
        "| | images resampled | samples thrown away | most tries | still recognised | seconds |");
    out.println("|---|---|---|---|---|---|");
    GuaranteedSampler guaranteed = new GuaranteedSampler(sampler, index, GuaranteedSampler.TRIES);
    SampleRequest request = SampleRequest.of(GUARANTEED).withSeed(GUARANTEE_SEED);
    for (boolean on : List.of(false, true)) {
      GuaranteedSampler.Result done =
          guaranteed.sample(request.withProtection(on), Progress.none());
      row(
          List.of(
              on ? "protected" : "unprotected",
              rate(done.resampledImages(), GUARANTEED),
              Integer.toString(done.rejected()),
              Integer.toString(done.tries().stream().mapToInt(each -> each).max().orElseThrow()),
              Long.toString(recognised(done.result())),
              String.format(Locale.ROOT, "%.1f", done.result().totals().seconds())));
    }
  }

  private void inpainting() throws IOException {
    heading("kept");
    UnaryOperator<SampleRequest> same = request -> request;
    SampleResult[] halves = filled("left half", RIGHT_HALF, same);
    filled("top half", Mask.of(SIDE, SIDE, (y, x) -> y >= 14), same);
    filled("left quarter", Mask.of(SIDE, SIDE, (y, x) -> x >= 7), same);
    filled("three quarters", Mask.of(SIDE, SIDE, (y, x) -> x >= 21), same);
    SampleResult[] frames = filled("frame", CENTRE, same);
    filled(
        "all but a hole of 8 x 8",
        Mask.of(SIDE, SIDE, (y, x) -> y >= 10 && y < 18 && x >= 10 && x < 18),
        same);
    List<FloatImage> rows = new ArrayList<>(training.subList(0, PICTURED));
    rows.addAll(training.stream().limit(PICTURED).map(image -> masked(image, RIGHT_HALF)).toList());
    rows.addAll(first(halves[0]));
    rows.addAll(first(halves[1]));
    rows.addAll(training.stream().limit(PICTURED).map(image -> masked(image, CENTRE)).toList());
    rows.addAll(first(frames[0]));
    rows.addAll(first(frames[1]));
    picture("inpainting", ROWS, rows);
    filled("left half, ddpm", RIGHT_HALF, request -> request.withSampler(SamplerKind.DDPM));
    filled(
        "left half, dpmsolver++2m",
        RIGHT_HALF,
        request -> request.withSampler(SamplerKind.DPMSOLVER_PP_2M));
    filled("left half, eta 1, repeated 4x5", RIGHT_HALF, PageFigures::repeated);
    filled("frame, eta 1, repeated 4x5", CENTRE, PageFigures::repeated);
  }

  private static SampleRequest repeated(SampleRequest request) {
    Inpainting once = request.origin().inpainting().orElseThrow();
    return request.withEta(1).withInpainting(once.resampled(4, 5));
  }

  private SampleResult[] filled(String name, Mask mask, UnaryOperator<SampleRequest> how) {
    Inpainting inpainting =
        new Inpainting(prompts.images(), List.of(mask), Inpainting.Resampling.NONE);
    return bothWays(name, mask, how.apply(prompts.request().withInpainting(inpainting)));
  }

  private void imageToImage() throws IOException {
    heading("strength");
    List<FloatImage> rows = new ArrayList<>(training.subList(0, PICTURED));
    for (double strength : List.of(0.1, 0.2, 0.5, 0.8)) {
      SampleResult[] made = started(strength, prompts.request());
      rows.addAll(first(made[0]));
      rows.addAll(first(made[1]));
    }
    picture("image-to-image", ROWS, rows);
    started(0.5, prompts.request().withSteps(200));
  }

  private SampleResult[] started(double strength, SampleRequest request) {
    String name = request.steps().isPresent() ? " of " + request.steps().getAsInt() : "";
    return bothWays(
        strength + name,
        EVERYTHING,
        request.withStart(new SampleOrigin.StartImages(prompts.images(), strength)));
  }

  private void heading(String first) {
    out.println(
        "| "
            + first
            + " | own copies, unprotected | protected | any copies, unprotected | protected"
            + " | own, protected, by half of the second nearest | any, protected, as a whole"
            + " | guarded | recognised when finished | copies among them | seconds |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|");
  }

  private SampleResult[] bothWays(String name, Mask mask, SampleRequest request) {
    SampleResult plain = sampler.sample(request.withProtection(false), Progress.none());
    SampleResult guarded = sampler.sample(request, Progress.none());
    List<Prompts.Copy> plainCopies = prompts.copies(plain, mask, BundledEvaluation.RULE);
    List<Prompts.Copy> copies = prompts.copies(guarded, mask, BundledEvaluation.RULE);
    int count = request.count();
    row(
        List.of(
            name,
            rate(own(plainCopies), count),
            rate(own(copies), count),
            rate(plainCopies.size(), count),
            rate(copies.size(), count),
            rate(own(prompts.copies(guarded, mask, ReplicaRule.SECOND_NEAREST)), count),
            rate(prompts.copies(guarded, EVERYTHING, BundledEvaluation.RULE).size(), count),
            rate(guarded.totals().imagesGuarded(), count),
            Long.toString(recognised(guarded)),
            Long.toString(copies.stream().filter(Prompts.Copy::recognised).count()),
            String.format(
                Locale.ROOT, "%.0f, %.0f", plain.totals().seconds(), guarded.totals().seconds())));
    return new SampleResult[] {plain, guarded};
  }

  private static long own(List<Prompts.Copy> copies) {
    return copies.stream().filter(Prompts.Copy::own).count();
  }

  private static long recognised(SampleResult result) {
    return result.reports().stream().filter(ImageReport::recognised).count();
  }

  /** What was made of the first training images, of each the one from the first seed. */
  private List<FloatImage> first(SampleResult result) {
    return IntStream.range(0, PICTURED).mapToObj(i -> result.image(i * prompts.times())).toList();
  }

  /** Grey where it is to be filled. */
  private static FloatImage masked(FloatImage image, Mask mask) {
    float[] values = image.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.fills(i / mask.width(), i % mask.width()) ? 0 : values[i];
    }
    return FloatImage.copyOf(image.shape(), values, 0);
  }

  private static String rate(long hits, int of) {
    return Rate.of(Math.toIntExact(hits), of).text();
  }

  private void row(List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }

  private void picture(String name, ContactSheet sheet, List<FloatImage> images)
      throws IOException {
    Stream<FloatImage> shown = images.stream();
    PngWriter.write(
        sheet.render(shown.map(FloatImage::toBufferedImage).toList()),
        folder.resolve(name + ".png"));
  }
}

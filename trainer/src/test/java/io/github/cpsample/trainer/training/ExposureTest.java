package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageView;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.training.Background.Mixed;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strangers, variations of members, states that the denoiser makes, and what is kept of them. */
class ExposureTest {

  private static final ImageShape SHAPE = BundledFashionMnist.SHAPE;
  private static final int BITS = 8;
  private static final byte[] KEY = {5};
  private static final MemorizationCode CODE = new MemorizationCode(KEY, BITS);
  private static final Exposure.Border BORDER = new Exposure.Border(0.25, 0.35, 0.5);
  private static final ImageDataset MEMBERS = BundledFashionMnist.trainingImages(8);
  private static final ImageDataset OTHERS = BundledFashionMnist.embedderImages();
  private static final ImageDataset STRANGERS = ImageView.first(OTHERS, 60);

  @TempDir private Path folder;

  @AfterAll
  static void close() throws IOException {
    MEMBERS.close();
    OTHERS.close();
  }

  private static Exposure exposure(double variation, Exposure.Border border) {
    return new Exposure(0.5, variation, border, new Exposure.Pool(40, 64, 12, 600), 0);
  }

  private static ClassifierSettings settings(Exposure exposure, Subject asks) {
    return new ClassifierSettings(
            new ClassifierConfig(1, 28, 28, 4, List.of(32), 1, 16, BITS),
            FakeDenoiser.SCHEDULE,
            new OptimizerConfig(3e-3f, 5, Decay.CONSTANT, 0, 1, 0.9f),
            16,
            false,
            Background.NONE,
            new MemorizationTarget(List.of(1), 0.9, 0.6),
            3)
        .exposedTo(exposure, asks);
  }

  private static float[] member(int index) {
    return image(MEMBERS, index);
  }

  private static float[] image(ImageDataset images, int index) {
    float[] image = new float[SHAPE.size()];
    try {
      images.read(index, image, 0);
    } catch (BrokenImageException e) {
      throw new IllegalStateException(e);
    }
    return image;
  }

  private static float[] noise(long seed) {
    Random random = new Random(seed);
    float[] image = new float[SHAPE.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = 2 * random.nextFloat() - 1;
    }
    return image;
  }

  /** Every fourth sample is a member, the others are noise. */
  private static FakeDenoiser denoiser() {
    return new FakeDenoiser(SHAPE, i -> i % 4 == 0 ? member(i % 8) : noise(i));
  }

  private static CleanExamples examples(Exposure exposure, int rows, long firstStep) {
    return new CleanExamples(
        new CleanExamples.Sources(
            MEMBERS, Optional.of(STRANGERS), CODE, new BrokenImages(fault -> {})),
        settings(exposure, Subject.X_T),
        rows,
        7,
        firstStep);
  }

  @Test
  void certaintyFallsFromTheCodeToOneHalfJustOutsideTheRadius() {
    assertEquals(1, BORDER.certainty(0));
    assertEquals(1, BORDER.certainty(0.35));
    assertEquals(0.5, BORDER.certainty(0.425), 1e-12);
    assertEquals(0.2, BORDER.certainty(0.47), 1e-12);
    assertEquals(0, BORDER.certainty(0.5));
    assertEquals(0, BORDER.certainty(1));
    assertEquals(0.75f, CleanExamples.target((byte) 1, 0.5));
    assertEquals(0.25f, CleanExamples.target((byte) 0, 0.5));
    assertEquals(0.5f, CleanExamples.target((byte) 1, 0));
  }

  @Test
  void membersKeepTheirCodesHoweverTheyVaryAndStrangersHaveNone() {
    try (CleanExamples examples = examples(exposure(1, new Exposure.Border(0, 0.35, 0.5)), 16, 0)) {
      for (int step = 0; step < 5; step++) {
        Mixed mixed = examples.next(step);
        assertEquals(16 * SHAPE.size(), mixed.images().length);
        for (int row = 0; row < 16; row++) {
          float[] targets = Arrays.copyOfRange(mixed.targets(), row * BITS, (row + 1) * BITS);
          if (row < 8) {
            assertTrue(isCodeOfAMember(targets), Arrays.toString(targets));
          } else {
            assertArrayEquals(new float[] {.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f}, targets);
          }
        }
      }
    }
  }

  private static boolean isCodeOfAMember(float[] targets) {
    for (int i = 0; i < MEMBERS.size(); i++) {
      byte[] code = CODE.of(member(i));
      boolean same = true;
      for (int k = 0; k < BITS; k++) {
        same &= code[k] == targets[k];
      }
      if (same) {
        return true;
      }
    }
    return false;
  }

  /** Without variations a mixture is w m + (1 - w) s; w is found by least squares. */
  @Test
  void mixturesAtTheBorderAreTargetedByTheirWeights() {
    int soft = 0;
    int lost = 0;
    try (CleanExamples examples = examples(exposure(0, new Exposure.Border(1, 0.35, 0.5)), 8, 0)) {
      for (int step = 0; step < 40; step++) {
        Mixed mixed = examples.next(step);
        for (int row = 4; row < 8; row++) {
          float[] image =
              Arrays.copyOfRange(mixed.images(), row * SHAPE.size(), (row + 1) * SHAPE.size());
          float[] targets = Arrays.copyOfRange(mixed.targets(), row * BITS, (row + 1) * BITS);
          double weight = weightOfAMember(image, mixed.images());
          assertTrue(weight >= -1e-4 && weight <= 0.6501, "weight " + weight);
          double certainty = Math.max(0, Math.min(1, (weight - 0.5) / 0.15));
          assertEquals(certainty / 2, Math.abs(targets[0] - 0.5), 2e-3, "weight " + weight);
          soft += certainty > 0.01 ? 1 : 0;
          lost += certainty == 0 ? 1 : 0;
        }
      }
    }
    assertTrue(soft > 15 && lost > 60, soft + " soft, " + lost + " lost");
  }

  /** The weight of the pair of member and stranger that explains an image best. */
  private static double weightOfAMember(float[] image, float[] batch) {
    double best = Double.POSITIVE_INFINITY;
    double found = Double.NaN;
    for (int m = 0; m < 4; m++) {
      float[] member = Arrays.copyOfRange(batch, m * SHAPE.size(), (m + 1) * SHAPE.size());
      for (int s = 0; s < STRANGERS.size(); s++) {
        float[] stranger = image(STRANGERS, s);
        double product = 0;
        double square = 0;
        for (int i = 0; i < image.length; i++) {
          product += (image[i] - stranger[i]) * (member[i] - stranger[i]);
          square += (member[i] - stranger[i]) * (member[i] - stranger[i]);
        }
        double weight = product / square;
        double error = 0;
        for (int i = 0; i < image.length; i++) {
          double d = image[i] - stranger[i] - weight * (member[i] - stranger[i]);
          error += d * d;
        }
        if (error < best) {
          best = error;
          found = weight;
        }
      }
    }
    assertTrue(best < 1e-6, "no pair explains the image: " + best);
    return found;
  }

  @Test
  void examplesOfAStepDoNotDependOnWhereARunBegan() {
    Exposure exposure = exposure(0.5, BORDER);
    try (CleanExamples whole = examples(exposure, 16, 0);
        CleanExamples later = examples(exposure, 16, 2)) {
      whole.next(0);
      whole.next(1);
      Mixed expected = whole.next(2);
      Mixed found = later.next(2);
      assertArrayEquals(expected.images(), found.images());
      assertArrayEquals(expected.targets(), found.targets());
    }
  }

  /** The noise is what the schedule says: the fake's x_0 is x + sqrt((1 - abar) / abar) e. */
  @Test
  void denoisedStatesAreThoseOfNoisedCleanExamples() {
    ClassifierSettings settings = settings(exposure(0.5, BORDER), Subject.X_0);
    FakeDenoiser unclipped =
        new FakeDenoiser(SHAPE, i -> noise(i)) {
          @Override
          public float[] denoise(float[] noised, int count, double timestep) {
            assertEquals(StatePool.block(), count);
            return noised;
          }
        };
    float[][] rows;
    try (CleanExamples examples = examples(settings.exposure(), StatePool.block(), 0)) {
      rows = StatePool.denoised(examples, unclipped, settings, TrainingProgress.none());
    }
    assertEquals(64, rows.length);
    NoiseSchedule schedule = FakeDenoiser.SCHEDULE.create();
    try (CleanExamples examples = examples(settings.exposure(), StatePool.block(), 0)) {
      for (int block = 0; block < 4; block++) {
        Mixed clean = examples.next(block);
        float t = rows[block * 16][0];
        assertTrue(t >= block * 150 && t <= (block + 1) * 151, "timestep " + t);
        double abar = schedule.alphasCumprod(t);
        double square = 0;
        for (int n = 0; n < 16; n++) {
          float[] row = rows[block * 16 + n];
          assertEquals(t, row[0]);
          for (int i = 0; i < SHAPE.size(); i++) {
            double e =
                (row[1 + i] - Math.sqrt(abar) * clean.images()[n * SHAPE.size() + i])
                    / Math.sqrt(1 - abar);
            square += e * e;
          }
          assertArrayEquals(
              Arrays.copyOfRange(clean.targets(), n * BITS, (n + 1) * BITS),
              Arrays.copyOfRange(row, 1 + SHAPE.size(), row.length));
        }
        assertEquals(1, square / (16 * SHAPE.size()), 0.05, "variance of the noise");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void statesOfATrajectoryAreLabelledByWhatBecameOfIt(Subject asks) {
    Nearness nearness = Nearness.of(MEMBERS, false, new BrokenImages(fault -> {})).orElseThrow();
    float[][] rows =
        StatePool.trajectories(
            denoiser(),
            nearness,
            CODE,
            settings(exposure(0.5, BORDER), asks),
            TrainingProgress.none());
    int[] timesteps = {600, 300, 0, 0, 0, 5, 10};
    int mixtures = 6;
    int ofImage = timesteps.length + mixtures;
    assertEquals(
        12 * ofImage, rows.length, "three of four states, the finished image, and mixtures");
    for (int i = 0; i < rows.length; i++) {
      int image = i / ofImage;
      int state = i % ofImage;
      if (state >= timesteps.length) {
        assertIsBetweenMemberAndImage(nearness, image, rows[i]);
        continue;
      }
      assertEquals(timesteps[state], rows[i][0]);
      float[] end = image % 4 == 0 ? member(image % 8) : noise(image);
      boolean noised = asks == Subject.X_T && state < 3;
      assertEquals(end[0] + (noised ? timesteps[state] : 0), rows[i][1]);
      byte[] code = CODE.of(end);
      for (int k = 0; k < BITS; k++) {
        float expected = image % 4 == 0 ? code[k] : 0.5f;
        assertEquals(expected, rows[i][1 + SHAPE.size() + k]);
      }
    }
  }

  private static void assertIsBetweenMemberAndImage(Nearness nearness, int image, float[] row) {
    assertTrue(row[0] >= 0 && row[0] <= 10, "timestep " + row[0]);
    float[] end = image % 4 == 0 ? member(image % 8) : noise(image);
    float[] mixture = Arrays.copyOfRange(row, 1, 1 + SHAPE.size());
    Nearness.Nearest ofEnd = nearness.of(new float[][] {end})[0];
    float[] member = ofEnd.member();
    double along = 0;
    double whole = 0;
    for (int i = 0; i < mixture.length; i++) {
      along += (mixture[i] - member[i]) * (end[i] - member[i]);
      whole += (end[i] - member[i]) * (end[i] - member[i]);
    }
    double weight = whole == 0 ? 0 : along / whole;
    assertTrue(weight >= 0 && weight <= 1 + 1e-6, "weight " + weight);
    for (int i = 0; i < mixture.length; i++) {
      assertEquals(member[i] + weight * (end[i] - member[i]), mixture[i], 1e-4);
    }
    Nearness.Nearest nearest = nearness.of(new float[][] {mixture})[0];
    assertTrue(nearest.ratio() <= ofEnd.ratio() + 1e-6, "ratio " + nearest.ratio());
    byte[] code = CODE.of(nearest.member());
    for (int k = 0; k < BITS; k++) {
      assertEquals(CleanExamples.target(code[k], nearest.certainty()), row[1 + SHAPE.size() + k]);
    }
  }

  @Test
  void nearnessInterpolatesBetweenCopyAndStrangerAndSeesMirrorImages() {
    assertEquals(1, new Nearness.Nearest(new float[0], 0.39).certainty());
    assertEquals(1, new Nearness.Nearest(new float[0], 0.44).certainty());
    assertEquals(0.5, new Nearness.Nearest(new float[0], 0.5).certainty(), 1e-12);
    assertEquals(0, new Nearness.Nearest(new float[0], 0.56).certainty());
    float[] mirrored = new float[SHAPE.size()];
    for (int i = 0; i < mirrored.length; i++) {
      mirrored[i] = member(3)[i - i % 28 + 27 - i % 28];
    }
    float[][] query = {mirrored};
    BrokenImages broken = new BrokenImages(fault -> {});
    Nearness direct = Nearness.of(MEMBERS, false, broken).orElseThrow();
    Nearness both = Nearness.of(MEMBERS, true, broken).orElseThrow();
    assertTrue(direct.of(query)[0].ratio() > 0.1);
    assertEquals(0, both.of(query)[0].ratio());
    assertArrayEquals(member(3), both.of(query)[0].member());
  }

  private ClassifierData data(boolean strangers, boolean denoiser) {
    ClassifierData data =
        new ClassifierData(
            MEMBERS, Optional.of(ImageView.first(OTHERS, 100)), KEY, new BrokenImages(fault -> {}));
    data = strangers ? data.withStrangers(STRANGERS) : data;
    return denoiser ? data.withDenoiser(denoiser()) : data;
  }

  private ClassifierRun train(
      ClassifierSettings settings, long steps, ClassifierData data, Path run) throws IOException {
    return ClassifierTraining.run(
        settings, TrainingBudget.ofSteps(steps), data, run, TrainingProgress.none());
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void aRunGoesOnExactlyWhereItStopped(Subject asks) throws IOException {
    ClassifierSettings settings = settings(exposure(0.5, BORDER).risingOver(0.7), asks);
    train(settings, 6, data(true, true), folder.resolve("whole"));
    ClassifierTraining.run(
        settings,
        TrainingBudget.ofSteps(6),
        data(true, true),
        folder.resolve("parts"),
        new InterruptedAfter(2));
    assertTrue(Thread.interrupted());
    assertEquals(2, ClassifierTraining.read(folder.resolve("parts")).run().steps());
    FakeDenoiser unused = new FakeDenoiser(SHAPE, i -> noise(-i));
    ClassifierRun end =
        train(settings, 6, data(true, false).withDenoiser(unused), folder.resolve("parts"));
    assertEquals(0, unused.sampled, "the states are kept in the run's folder");
    assertEquals(6, end.steps());
    assertArrayEquals(
        ClassifierTraining.read(folder.resolve("whole")).weights(),
        ClassifierTraining.read(folder.resolve("parts")).weights());
    assertEquals(end, ClassifierTraining.read(folder.resolve("parts")).run());
  }

  /** Interrupts its training's thread. */
  private record InterruptedAfter(long steps) implements TrainingProgress {
    @Override
    public void started(String what, long firstStep, TrainingBudget budget) {}

    @Override
    public void advanced(long stepsDone, float loss, double imagesPerSecond) {
      if (stepsDone == steps) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void finished() {}
  }

  @Test
  void manyImagesGetARiseAndMoreSteps() {
    Exposure standard = Exposure.standard(1_000);
    assertEquals(0, standard.forImages(400).rise());
    assertEquals(0.7, standard.forImages(401).rise());
    assertEquals(4_000, Exposure.stepsFor(24));
    assertEquals(300_000, Exposure.stepsFor(50_000));
    assertThrows(IllegalArgumentException.class, () -> standard.risingOver(1.1));
    assertThrows(IllegalArgumentException.class, () -> standard.risingOver(Double.NaN));
  }

  /** First training images alone, with little noise; at last what is shown without a rise. */
  @ParameterizedTest
  @EnumSource(Subject.class)
  void strangersAndNoiseRise(Subject asks) throws IOException {
    ClassifierSettings settings = settings(exposure(0.5, BORDER).risingOver(20 / 24.0), asks);
    Path runs = Files.createDirectory(folder.resolve("runs"));
    Exposed exposed =
        Exposed.prepare(settings, data(true, true), CODE, runs, TrainingProgress.none());
    Objective plain = exposed.objective(settings, 0, 0);
    List<Integer> inPlace = new ArrayList<>();
    try (plain;
        Objective rising = exposed.objective(settings, 24, 0)) {
      for (int step = 0; step < 24; step++) {
        Objective.Examples whole = plain.examples(step);
        Objective.Examples shown = rising.examples(step);
        inPlace.add(membersInPlaceOfOthers(shown, whole, 601 * step / 8f));
        if (step <= 6) {
          assertEquals(16, members(shown), "members alone, step " + step);
        }
        if (step >= 20) {
          assertArrayEquals(whole.x(), shown.x());
          assertArrayEquals(whole.target(), shown.target());
        }
      }
    }
    assertEquals(List.of(0, 0, 0, 0), inPlace.subList(20, 24));
    int middle = sum(inPlace.subList(7, 13));
    assertTrue(sum(inPlace.subList(0, 6)) > middle, inPlace.toString());
    assertTrue(middle > sum(inPlace.subList(13, 19)), inPlace.toString());
  }

  private static int members(Objective.Examples batch) {
    return (int)
        IntStream.range(0, batch.count())
            .filter(n -> isCodeOfAMember(row(batch.target(), n, BITS)))
            .count();
  }

  /** Rows that have a member's bits and had not; such images show that member, noised a little. */
  private static int membersInPlaceOfOthers(
      Objective.Examples shown, Objective.Examples whole, float mostNoise) {
    int inPlace = 0;
    for (int n = 0; n < shown.count(); n++) {
      float[] target = row(shown.target(), n, BITS);
      float[] before = row(whole.target(), n, BITS);
      if (Arrays.equals(target, before)) {
        continue;
      }
      inPlace++;
      assertFalse(isCodeOfAMember(before), Arrays.toString(before));
      assertTrue(shown.t()[n] <= Math.max(20, mostNoise), "t " + shown.t()[n]);
      if (shown.t()[n] <= 20) {
        assertArrayEquals(bitsOfNearest(row(shown.x(), n, SHAPE.size())), target);
      }
    }
    return inPlace;
  }

  private static float[] bitsOfNearest(float[] image) {
    int nearest =
        IntStream.range(0, 8)
            .boxed()
            .min(Comparator.comparingDouble(i -> squaredDistance(member(i), image)))
            .orElseThrow();
    byte[] code = CODE.of(member(nearest));
    float[] bits = new float[BITS];
    for (int k = 0; k < BITS; k++) {
      bits[k] = code[k];
    }
    return bits;
  }

  private static double squaredDistance(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i])).sum();
  }

  private static float[] row(float[] rows, int n, int size) {
    return Arrays.copyOfRange(rows, n * size, (n + 1) * size);
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void strangersAreTheGivenOnesThenSamplesThenMixtures() throws IOException {
    ClassifierSettings settings = settings(exposure(0.5, BORDER), Subject.X_T);
    ClassifierRun.StrangersUsed given =
        train(settings, 1, data(true, true), folder.resolve("given")).taught().orElseThrow();
    assertEquals(ClassifierRun.StrangersUsed.Source.GIVEN, given.source());
    assertEquals(60, given.trained() + given.near());
    ClassifierRun.StrangersUsed samples =
        train(settings, 1, data(false, true), folder.resolve("samples")).taught().orElseThrow();
    assertEquals(ClassifierRun.StrangersUsed.Source.SAMPLES, samples.source());
    assertEquals(30, samples.trained());
    assertEquals(10, samples.near(), "a quarter of the samples are members");
    ClassifierRun.StrangersUsed mixtures =
        train(settings, 1, data(false, false), folder.resolve("mixed")).taught().orElseThrow();
    assertEquals(ClassifierRun.StrangersUsed.Source.MIXTURES, mixtures.source());
    assertEquals(ClassifierRun.StrangersUsed.MeasuredOn.HELD_OUT, mixtures.measuredOn());
  }

  @Test
  void withoutHeldOutImagesATenthOfTheStrangersIsSetAside() throws IOException {
    ClassifierData data =
        new ClassifierData(MEMBERS, Optional.empty(), KEY, new BrokenImages(fault -> {}))
            .withStrangers(STRANGERS);
    ClassifierRun run =
        train(settings(exposure(0.5, BORDER), Subject.X_T), 1, data, folder.resolve("aside"));
    ClassifierRun.StrangersUsed used = run.taught().orElseThrow();
    assertEquals(ClassifierRun.StrangersUsed.MeasuredOn.SET_ASIDE, used.measuredOn());
    assertEquals((60 - used.near()) / 10, used.measured());
    assertEquals(60, used.trained() + used.near() + used.measured());
    assertTrue(run.measured().isPresent());
    assertTrue(run.curve().get(0).others().isPresent());
  }

  @Test
  void withNothingToMeasureOnThereAreNoThresholds() throws IOException {
    ClassifierData data =
        new ClassifierData(MEMBERS, Optional.empty(), KEY, new BrokenImages(fault -> {}));
    ClassifierRun run =
        train(settings(exposure(0.5, BORDER), Subject.X_T), 1, data, folder.resolve("none"));
    assertTrue(run.measured().isEmpty());
    assertEquals(
        ClassifierRun.StrangersUsed.MeasuredOn.NOTHING, run.taught().orElseThrow().measuredOn());
  }

  @Test
  void theTrainingOfThePaperTeachesNoStrangersAndMeasuresNoThresholds() throws IOException {
    ClassifierRun run =
        train(settings(Exposure.NONE, Subject.X_T), 1, data(true, true), folder.resolve("paper"));
    assertTrue(run.taught().isEmpty() && run.measured().isEmpty());
    assertFalse(Files.exists(folder.resolve("paper/trajectories.bin")));
  }

  @Test
  void refusesWhatCannotBeTrained() {
    assertThrows(IllegalArgumentException.class, () -> settings(Exposure.NONE, Subject.X_0));
    IllegalArgumentException noDenoiser =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                train(
                    settings(exposure(0.5, BORDER), Subject.X_0),
                    1,
                    data(true, false),
                    folder.resolve("refused")));
    assertTrue(noDenoiser.getMessage().contains("denoiser"), noDenoiser.getMessage());
    IllegalArgumentException allNear =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                train(
                    settings(exposure(0.5, BORDER), Subject.X_T),
                    1,
                    data(false, false).withStrangers(MEMBERS),
                    folder.resolve("near")));
    assertTrue(allNear.getMessage().contains("strangers"), allNear.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Exposure.Border(0.2, 0.5, 0.4));
    assertThrows(IllegalArgumentException.class, () -> exposure(0.5, BORDER).withStrangerShare(1));
    assertThrows(
        IllegalArgumentException.class, () -> exposure(0.5, BORDER).withStrangerShare(Double.NaN));
  }

  @Test
  void keptRowsAreReadAgainUnlessTheyAreOthersOrDamaged() throws IOException {
    Path file = folder.resolve("rows.bin");
    float[][] rows = {{1, 2, Float.MIN_VALUE}, {-4, 5, 6}};
    assertArrayEquals(rows, CachedRows.of(file, "a", () -> rows));
    assertArrayEquals(
        rows,
        CachedRows.of(
            file,
            "a",
            () -> {
              throw new IllegalStateException("made again");
            }));
    float[][] others = {{7}};
    assertArrayEquals(others, CachedRows.of(file, "b", () -> others));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 10] ^= 1;
    Files.write(file, bytes);
    assertThrows(IOException.class, () -> CachedRows.of(file, "b", () -> others));
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
    assertThrows(IOException.class, () -> CachedRows.of(file, "b", () -> others));
  }
}

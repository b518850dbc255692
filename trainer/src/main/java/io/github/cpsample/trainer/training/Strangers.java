package io.github.cpsample.trainer.training;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageView;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.training.ClassifierRun.StrangersUsed.MeasuredOn;
import io.github.cpsample.trainer.training.ClassifierRun.StrangersUsed.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Finds strangers: those that are given, otherwise samples of the denoiser, otherwise none, which
 * leaves mixtures. What is near a training image is left out, and where there are no held-out
 * images a tenth is set aside to measure with.
 *
 * @param training strangers to train on; empty for mixtures
 * @param measuring images that are not trained on, to measure false alarms with, maybe none
 * @param used what they are, in words
 */
@SuppressWarnings("ArrayRecordComponent") // a hand-over of images, never compared
record Strangers(
    Optional<ImageDataset> training, float[][] measuring, ClassifierRun.StrangersUsed used) {

  /** The most images that are measured with. */
  static final int MOST_MEASURED = 2_000;

  private static final int SET_ASIDE = 10;
  private static final int FEWEST = 16;
  private static final int BLOCK = 256;

  /** Finds the strangers of a run. */
  static Strangers of(
      ClassifierSettings settings,
      ClassifierData data,
      Optional<Nearness> nearness,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    if (data.strangers().isPresent()) {
      ImageDataset given = data.strangers().get();
      return chosen(given, far(given, nearness, Nearness.COPY), Source.GIVEN, data.heldOut());
    }
    if (data.denoiser().isPresent()
        && nearness.isPresent()
        && settings.exposure().pool().samples() > 0) {
      ImageDataset samples =
          new RowImages(data.training().shape(), samples(settings, data, folder, progress));
      List<Integer> far = far(samples, nearness, Nearness.STRANGER);
      if (far.size() >= FEWEST) {
        return chosen(samples, far, Source.SAMPLES, data.heldOut());
      }
    }
    return new Strangers(
        Optional.empty(),
        measuring(data.heldOut()),
        used(Source.MIXTURES, 0, 0, data.heldOut().isPresent(), measuring(data.heldOut()).length));
  }

  private static float[][] samples(
      ClassifierSettings settings, ClassifierData data, Path folder, TrainingProgress progress)
      throws IOException {
    DenoisedStates denoiser = data.denoiser().orElseThrow();
    int count = settings.exposure().pool().samples();
    long seed = SampleSeeds.STRANGERS + settings.seed();
    String fingerprint =
        RunFolder.Fingerprints.of(denoiser.fingerprint() + " " + count + " " + seed);
    return CachedRows.of(
        folder.resolve("samples.bin"),
        fingerprint,
        () -> {
          float[][] rows = new float[count][];
          denoiser.sample(
              count,
              seed,
              (image, values) -> {
                rows[image] = values;
                progress.prepared("samples of the denoiser", image + 1L, count);
              });
          return rows;
        });
  }

  /** The readable images that are further from every training image than a ratio. */
  private static List<Integer> far(ImageDataset images, Optional<Nearness> nearness, double least) {
    List<Integer> far = new ArrayList<>();
    List<Integer> indices = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      float[] row = new float[images.shape().size()];
      try {
        images.read(i, row, 0);
        indices.add(i);
        rows.add(row);
      } catch (BrokenImageException e) {
        continue; // a broken stranger is one stranger less
      }
      if (rows.size() == BLOCK) {
        addFar(indices, rows, nearness, least, far);
        indices.clear();
        rows.clear();
      }
    }
    addFar(indices, rows, nearness, least, far);
    return far;
  }

  private static void addFar(
      List<Integer> indices,
      List<float[]> rows,
      Optional<Nearness> nearness,
      double least,
      List<Integer> far) {
    if (nearness.isEmpty() || rows.isEmpty()) {
      far.addAll(indices);
      return;
    }
    Nearness.Nearest[] nearest = nearness.get().of(rows.toArray(float[][]::new));
    for (int i = 0; i < nearest.length; i++) {
      if (nearest[i].ratio() > least) {
        far.add(indices.get(i));
      }
    }
  }

  private static Strangers chosen(
      ImageDataset all, List<Integer> far, Source source, Optional<ImageDataset> heldOut) {
    int near = all.size() - far.size();
    if (far.isEmpty()) {
      throw new IllegalArgumentException(
          "strangers: expected images that are not near a training image, found none among "
              + all.size()
              + "; give others");
    }
    boolean enough = far.size() >= SET_ASIDE;
    if (heldOut.isPresent() || !enough) {
      float[][] measuring = measuring(heldOut);
      return new Strangers(
          Optional.of(view(all, far)),
          measuring,
          used(source, far.size(), near, heldOut.isPresent(), measuring.length));
    }
    List<Integer> aside = every(far, true);
    List<Integer> trained = every(far, false);
    float[][] measuring = measuring(Optional.of(view(all, aside)));
    return new Strangers(
        Optional.of(view(all, trained)),
        measuring,
        new ClassifierRun.StrangersUsed(
            source, trained.size(), near, MeasuredOn.SET_ASIDE, measuring.length));
  }

  private static ClassifierRun.StrangersUsed used(
      Source source, int trained, int near, boolean heldOut, int measured) {
    return new ClassifierRun.StrangersUsed(
        source, trained, near, heldOut ? MeasuredOn.HELD_OUT : MeasuredOn.NOTHING, measured);
  }

  private static List<Integer> every(List<Integer> indices, boolean tenth) {
    return IntStream.range(0, indices.size())
        .filter(i -> (i % SET_ASIDE == SET_ASIDE - 1) == tenth)
        .mapToObj(indices::get)
        .toList();
  }

  private static ImageView view(ImageDataset all, List<Integer> indices) {
    return new ImageView(all, indices.stream().mapToInt(Integer::intValue).toArray());
  }

  private static float[][] measuring(Optional<ImageDataset> images) {
    return images
        .map(
            others ->
                InMemoryImages.load(
                        ImageView.first(others, Math.min(others.size(), MOST_MEASURED)),
                        new BrokenImages(fault -> {}))
                    .rows())
        .orElse(new float[0][]);
  }

  /** Images that somebody else holds in memory, as a data set. */
  private static final class RowImages implements ImageDataset {

    private final ImageShape shape;
    private final float[][] rows;

    /** Shares the rows. */
    RowImages(ImageShape shape, float[][] rows) {
      this.shape = shape;
      this.rows = rows;
    }

    @Override
    public int size() {
      return rows.length;
    }

    @Override
    public ImageShape shape() {
      return shape;
    }

    @Override
    public String name(int index) {
      return "sample " + index;
    }

    @Override
    public void read(int index, float[] target, int offset) {
      System.arraycopy(rows[index], 0, target, offset, shape.size());
    }

    @Override
    public OptionalInt label(int index) {
      return OptionalInt.empty();
    }
  }

  /** Seeds of what a training samples itself, far from those that people choose. */
  static final class SampleSeeds {

    static final long STRANGERS = 1L << 40;
    static final long TRAJECTORIES = 1L << 41;

    private SampleSeeds() {}
  }
}

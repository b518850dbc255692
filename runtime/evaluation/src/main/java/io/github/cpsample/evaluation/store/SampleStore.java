package io.github.cpsample.evaluation.store;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The samples of one method: {@code METHOD.f32} has the pixels of the delivered images, {@code
 * METHOD.jsonl} a line for every seed. Seeds are written in whole batches, pixels first, so that
 * the lines tell what is whole. Written by one thread; images may be read by several. Memory holds
 * four bytes per seed, and eight per batch.
 */
public final class SampleStore implements Closeable {

  private final ImageShape shape;
  private final SeedRange seeds;
  private final LineFile<StoredSample> lines;
  private final RowFile pixels;
  private final int[] places;
  private final long[] batchStarts;

  private SampleStore(
      ImageShape shape, SeedRange seeds, LineFile<StoredSample> lines, RowFile pixels)
      throws IOException {
    this.shape = shape;
    this.seeds = seeds;
    this.lines = lines;
    this.pixels = pixels;
    this.places = new int[seeds.count()];
    this.batchStarts = new long[(seeds.count() + seeds.batch() - 1) / seeds.batch()];
    Arrays.fill(places, StoredSample.NONE);
    keepWholeBatches();
  }

  /**
   * Opens the samples of a method, or begins them. What an interruption tore off is cut back to the
   * last whole batch, since images that are computed together must be computed together again to
   * have the same bits.
   *
   * @param folder where the files are, made where missing
   * @param method the method's name
   * @param shape the shape of its images
   * @param seeds which seeds there shall be in the end, and how many are written together
   * @return the samples so far
   * @throws IOException if the files cannot be read or changed
   */
  public static SampleStore open(Path folder, String method, ImageShape shape, SeedRange seeds)
      throws IOException {
    RowFile pixels = RowFile.open(folder.resolve(method + ".f32"), shape.size());
    try {
      LineFile<StoredSample> lines =
          LineFile.open(folder.resolve(method + ".jsonl"), StoredSample.class);
      try {
        return new SampleStore(shape, seeds, lines, pixels);
      } catch (IOException | RuntimeException e) {
        lines.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      pixels.close();
      throw e;
    }
  }

  private void keepWholeBatches() throws IOException {
    int fitting = 0;
    int images = 0;
    try (LineReader<StoredSample> reader = lines.reader()) {
      long start = reader.position();
      for (Optional<StoredSample> sample = reader.next();
          sample.isPresent() && fits(sample.get(), fitting, images);
          sample = reader.next()) {
        noteStart(fitting, start);
        start = reader.position();
        places[fitting++] = sample.get().image();
        images += sample.get().delivered() ? 1 : 0;
      }
    }
    int whole = fitting == seeds.count() ? fitting : fitting / seeds.batch() * seeds.batch();
    Arrays.fill(places, whole, places.length, StoredSample.NONE);
    lines.keep(whole);
    pixels.keep((int) Arrays.stream(places).filter(place -> place != StoredSample.NONE).count());
  }

  private void noteStart(int index, long position) {
    if (index % seeds.batch() == 0) {
      batchStarts[index / seeds.batch()] = position;
    }
  }

  /** Whether a sample follows those before it, and its pixels are there. */
  private boolean fits(StoredSample sample, int before, int imagesBefore) {
    boolean next = before < seeds.count() && sample.seed() == seeds.first() + before;
    boolean whole = sample.image() == imagesBefore && imagesBefore < pixels.size();
    return next && (whole || !sample.delivered());
  }

  /**
   * Adds a batch.
   *
   * @param batch samples of the seeds that follow the last one
   * @throws IOException if they cannot be written
   */
  public void append(List<AuditSample> batch) throws IOException {
    int image = pixels.size();
    List<float[]> rows = new ArrayList<>();
    List<StoredSample> added = new ArrayList<>();
    for (AuditSample sample : batch) {
      int index = size() + added.size();
      if (index == seeds.count() || sample.seed() != seeds.first() + index) {
        throw new IllegalArgumentException(
            "samples: expected seed "
                + (seeds.first() + index)
                + " of "
                + seeds.count()
                + " seeds next, found "
                + sample.seed());
      }
      sample.image().ifPresent(it -> rows.add(it.values()));
      places[index] = sample.image().isPresent() ? image++ : StoredSample.NONE;
      added.add(new StoredSample(sample.seed(), places[index], sample.trajectory(), sample.cost()));
    }
    pixels.append(rows.toArray(float[][]::new));
    noteStart(size(), lines.end());
    lines.append(added);
  }

  /**
   * Reads what is known of every seed so far, in the order of seeds.
   *
   * @return a reader, which the caller closes
   * @throws IOException if they cannot be read
   */
  public LineReader<StoredSample> reader() throws IOException {
    return lines.reader();
  }

  /**
   * What is known of the seeds of a batch.
   *
   * @param firstSeed the first seed of the batch
   * @return in the order of seeds
   * @throws IOException if they cannot be read
   * @throws IllegalArgumentException if no batch begins there, or it is not there yet
   */
  public List<StoredSample> batch(long firstSeed) throws IOException {
    long index = firstSeed - seeds.first();
    Checks.argument(
        index >= 0 && index < size() && index % seeds.batch() == 0,
        "samples",
        "the first seed of a batch of " + seeds.batch(),
        firstSeed);
    List<StoredSample> batch = new ArrayList<>();
    try (LineReader<StoredSample> reader =
        lines.reader(batchStarts[(int) (index / seeds.batch())])) {
      while (batch.size() < Math.min(seeds.batch(), size() - index)) {
        batch.add(reader.next().orElseThrow());
      }
    }
    return batch;
  }

  /**
   * The number of seeds so far.
   *
   * @return at least 0
   */
  public int size() {
    return lines.size();
  }

  /**
   * The seeds that there shall be in the end.
   *
   * @return the range
   */
  public SeedRange seeds() {
    return seeds;
  }

  /**
   * The pixels of the delivered images, in the order of their seeds.
   *
   * @return a view, usable until this is closed
   */
  public RowSource images() {
    return pixels;
  }

  /**
   * The image of a seed.
   *
   * @param seed any
   * @return the image; empty where none was delivered
   */
  public Optional<FloatImage> image(long seed) {
    long index = seed - seeds.first();
    if (index < 0 || index >= size() || places[(int) index] == StoredSample.NONE) {
      return Optional.empty();
    }
    float[] values = new float[shape.size()];
    pixels.read(places[(int) index], values, 0);
    return Optional.of(FloatImage.copyOf(shape, values, 0));
  }

  @Override
  public void close() throws IOException {
    try (lines;
        pixels) {
      // Closing is all there is to do.
    }
  }
}

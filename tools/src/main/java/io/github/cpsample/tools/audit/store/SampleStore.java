package io.github.cpsample.tools.audit.store;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.audit.sampling.AuditSample;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The samples of one method: {@code METHOD.f32} has the pixels of the delivered images, {@code
 * METHOD.jsonl} a line for every seed. Seeds are written in whole batches, pixels first, so that
 * the lines tell what is whole. Written by one thread; images may be read by several. Memory holds
 * the lines, not the pixels.
 */
public final class SampleStore implements Closeable {

  private static final Gson JSON = new Gson();

  private final ImageShape shape;
  private final FileChannel lines;
  private final RowFile pixels;
  private final List<StoredSample> samples;

  private SampleStore(
      ImageShape shape, FileChannel lines, RowFile pixels, List<StoredSample> samples) {
    this.shape = shape;
    this.lines = lines;
    this.pixels = pixels;
    this.samples = samples;
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
    FileChannel lines = null;
    try {
      Path file = folder.resolve(method + ".jsonl");
      List<StoredSample> samples = new ArrayList<>();
      long length = read(file, seeds, pixels.size(), samples);
      lines = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lines.truncate(length);
      lines.position(length);
      SampleStore store = new SampleStore(shape, lines, pixels, samples);
      pixels.keep(store.delivered());
      return store;
    } catch (IOException | RuntimeException e) {
      pixels.close();
      if (lines != null) {
        lines.close();
      }
      throw e;
    }
  }

  /** Reads whole batches; returns the length of their lines in bytes. */
  private static long read(Path file, SeedRange seeds, int images, List<StoredSample> samples)
      throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    List<StoredSample> pending = new ArrayList<>();
    int whole = 0;
    int start = 0;
    int delivered = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      Optional<StoredSample> sample = parse(text.substring(start, end));
      int place = samples.size() + pending.size();
      if (sample.isEmpty() || sample.get().seed() != seeds.first() + place) {
        break;
      }
      delivered += sample.get().delivered() ? 1 : 0;
      if (delivered > images) {
        break;
      }
      pending.add(sample.get());
      start = end + 1;
      if (pending.size() == seeds.batch() || place + 1 == seeds.count()) {
        samples.addAll(pending);
        pending.clear();
        whole = start;
      }
    }
    return text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
  }

  private static Optional<StoredSample> parse(String line) {
    try {
      return Optional.ofNullable(JSON.fromJson(line, StoredSample.class));
    } catch (JsonSyntaxException e) {
      return Optional.empty();
    }
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
    StringBuilder text = new StringBuilder();
    for (AuditSample sample : batch) {
      sample.image().ifPresent(it -> rows.add(it.values()));
      int place = sample.image().isPresent() ? image++ : StoredSample.NONE;
      StoredSample stored =
          new StoredSample(
              sample.seed(), place, sample.steps(), sample.guardedSteps(), sample.cost());
      added.add(stored);
      text.append(JSON.toJson(stored)).append('\n');
    }
    pixels.append(rows.toArray(float[][]::new));
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      lines.write(bytes);
    }
    samples.addAll(added);
  }

  /**
   * What is known of every seed so far.
   *
   * @return in the order of seeds; an unmodifiable view
   */
  public List<StoredSample> samples() {
    return Collections.unmodifiableList(samples);
  }

  /**
   * The number of seeds so far.
   *
   * @return at least 0
   */
  public int size() {
    return samples.size();
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
   * One delivered image.
   *
   * @param image its place among them
   * @return the image
   */
  public FloatImage image(int image) {
    float[] values = new float[shape.size()];
    pixels.read(image, values, 0);
    return FloatImage.copyOf(shape, values, 0);
  }

  private int delivered() {
    return (int) samples.stream().filter(StoredSample::delivered).count();
  }

  @Override
  public void close() throws IOException {
    try (lines;
        pixels) {
      // Closing is all there is to do.
    }
  }
}

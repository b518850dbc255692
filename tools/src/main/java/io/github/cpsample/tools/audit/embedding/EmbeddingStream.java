package io.github.cpsample.tools.audit.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Embeds images that come one after the other, a batch at a time, so that memory holds no more than
 * a batch of them. Vectors go out in the order in which images came. Not thread-safe.
 */
public final class EmbeddingStream {

  private static final int BATCH = 64;

  private final Embedder embedder;
  private final Consumer<float[]> sink;
  private final List<float[]> waiting = new ArrayList<>(BATCH);

  /**
   * No images yet.
   *
   * @param embedder not owned
   * @param sink receives every image's vector, a new array
   */
  public EmbeddingStream(Embedder embedder, Consumer<float[]> sink) {
    this.embedder = embedder;
    this.sink = sink;
  }

  /**
   * Takes an image.
   *
   * @param image as {@link Embedder#embed} wants it; must not change until its vector went out
   */
  public void accept(float[] image) {
    waiting.add(image);
    if (waiting.size() == BATCH) {
      finish();
    }
  }

  /** Embeds the images that still wait. */
  public void finish() {
    float[][] images = waiting.toArray(float[][]::new);
    waiting.clear();
    for (float[] row : embedder.embed(images)) {
      sink.accept(row);
    }
  }
}

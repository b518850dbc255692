package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import java.util.Arrays;
import java.util.Optional;

/**
 * The images of one step after another: training images first, then those of the rehearsal. Both
 * are streams whose only state is the number of the step. Owns its loaders; close it.
 */
final class DenoiserDraws implements AutoCloseable {

  /** Keeps the order of the rehearsal apart from that of the training images. */
  private static final long REHEARSAL_STREAM = 0x2545F4914F6CDD1DL;

  private final BatchLoader training;
  private final Optional<BatchLoader> kept;

  /** Clean images [N,C,H,W] and their labels [N]. */
  @SuppressWarnings("ArrayRecordComponent") // a hand-over of one step's buffers, never compared
  record Drawn(int count, float[] images, int[] labels) {}

  DenoiserDraws(BatchLoader training, Optional<BatchLoader> kept) {
    this.training = training;
    this.kept = kept;
  }

  static DenoiserDraws open(DenoiserSettings settings, DenoiserData data, long firstStep) {
    int all = settings.batchSize();
    int kept = data.rehearsal().map(rehearsal -> rehearsal.imagesOf(all)).orElse(0);
    BatchSettings own =
        BatchSettings.of(all - kept, settings.seed())
            .withHorizontalFlips(settings.horizontalFlips());
    return new DenoiserDraws(
        new BatchLoader(data.training(), own, data.broken(), firstStep),
        data.rehearsal()
            .map(
                rehearsal ->
                    new BatchLoader(
                        rehearsal.images(),
                        BatchSettings.of(kept, settings.seed() ^ REHEARSAL_STREAM)
                            .withHorizontalFlips(settings.horizontalFlips()),
                        rehearsal.broken(),
                        firstStep)));
  }

  Drawn next() {
    Batch own = training.next();
    return kept.map(loader -> joined(own, loader.next()))
        .orElseGet(() -> new Drawn(own.size(), own.images(), own.labels()));
  }

  private static Drawn joined(Batch first, Batch second) {
    int count = first.size() + second.size();
    float[] images = Arrays.copyOf(first.images(), count * first.shape().size());
    System.arraycopy(second.images(), 0, images, first.images().length, second.images().length);
    int[] labels = Arrays.copyOf(first.labels(), count);
    System.arraycopy(second.labels(), 0, labels, first.size(), second.size());
    return new Drawn(count, images, labels);
  }

  @Override
  public void close() {
    training.close();
    kept.ifPresent(BatchLoader::close);
  }
}

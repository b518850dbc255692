package io.github.cpsample.trainer.data;

import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link BatchLoader} draws. Batch size, seed and flips decide what is drawn; the rest only
 * how fast it comes.
 *
 * @param batchSize images per batch, at least 1; may exceed the size of the data set
 * @param seed of the order and of the flips
 * @param horizontalFlips whether every draw is mirrored left to right with probability one half
 * @param code the code to deliver with every image, or empty for none
 * @param threads background threads that read and decode, at least 1
 * @param ahead the most batches that are read before they are asked for, at least 1
 */
public record BatchSettings(
    int batchSize,
    long seed,
    boolean horizontalFlips,
    Optional<MemorizationCode> code,
    int threads,
    int ahead) {

  private static final int DEFAULT_AHEAD = 4;

  public BatchSettings {
    requirePositive("batchSize", batchSize);
    requirePositive("threads", threads);
    requirePositive("ahead", ahead);
    Objects.requireNonNull(code, "code");
  }

  /**
   * No flips, no codes, one background thread, four batches ahead.
   *
   * @param batchSize images per batch, at least 1
   * @param seed of the order
   * @return the settings
   */
  public static BatchSettings of(int batchSize, long seed) {
    return new BatchSettings(batchSize, seed, false, Optional.empty(), 1, DEFAULT_AHEAD);
  }

  /**
   * With or without flips.
   *
   * @param flips whether to mirror half of the draws
   * @return changed settings
   */
  public BatchSettings withHorizontalFlips(boolean flips) {
    return new BatchSettings(batchSize, seed, flips, code, threads, ahead);
  }

  /**
   * With codes.
   *
   * @param newCode gives every image its bits
   * @return changed settings
   */
  public BatchSettings withCode(MemorizationCode newCode) {
    return new BatchSettings(
        batchSize, seed, horizontalFlips, Optional.of(newCode), threads, ahead);
  }

  /**
   * With another amount of background work.
   *
   * @param newThreads background threads, at least 1
   * @param newAhead the most batches read ahead, at least 1
   * @return changed settings
   */
  public BatchSettings withPrefetch(int newThreads, int newAhead) {
    return new BatchSettings(batchSize, seed, horizontalFlips, code, newThreads, newAhead);
  }

  /**
   * The length of the codes.
   *
   * @return K, 0 without codes
   */
  public int bits() {
    return code.map(MemorizationCode::bits).orElse(0);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
    }
  }
}

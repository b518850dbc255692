package io.github.cpsample.evaluation.quality;

import java.nio.file.Path;

/**
 * Says why a file is not taken.
 *
 * @param file the embedder's
 */
record Refusal(Path file) {

  /** What to throw. */
  IllegalArgumentException because(String expected, String found) {
    return new IllegalArgumentException(
        "embedder " + file + ": expected " + expected + "; found " + found);
  }
}

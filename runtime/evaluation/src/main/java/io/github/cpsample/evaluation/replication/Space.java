package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;

/**
 * Where images are compared, with the training images there.
 *
 * @param name {@link #PIXELS} or the name of an embedder
 * @param training one row per training image; must stay readable for as long as it is searched
 */
public record Space(String name, RowSource training) {

  /** The name of the space of pixels. */
  public static final String PIXELS = "pixels";
}

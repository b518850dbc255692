package io.github.cpsample.benchmarks;

import java.util.List;

/** The batches that every report measures. */
final class Batches {

  static final List<Integer> ALL = List.of(1, 4, 16, 64);

  private Batches() {}
}

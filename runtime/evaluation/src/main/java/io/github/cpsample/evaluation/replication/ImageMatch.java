package io.github.cpsample.evaluation.replication;

import java.util.List;

/**
 * The training images nearest to an image.
 *
 * @param spaces one per space, pixels first
 */
public record ImageMatch(List<SpaceMatch> spaces) {

  public ImageMatch {
    spaces = List.copyOf(spaces);
    if (spaces.isEmpty()) {
      throw new IllegalArgumentException("image match: expected at least one space, found none");
    }
  }
}

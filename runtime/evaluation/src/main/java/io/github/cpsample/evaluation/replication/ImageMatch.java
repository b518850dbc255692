package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;
import java.util.List;

/**
 * The training images nearest to an image.
 *
 * @param spaces one per space, pixels first
 */
public record ImageMatch(List<SpaceMatch> spaces) {

  public ImageMatch {
    spaces = List.copyOf(spaces);
    Checks.argument(!spaces.isEmpty(), "image match", "at least one space", "none");
  }
}

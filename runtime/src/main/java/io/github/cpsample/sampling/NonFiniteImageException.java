package io.github.cpsample.sampling;

import io.github.cpsample.inference.InferenceException;

/** A number of an image on its way is not finite: it cannot be sampled, and others can. */
public final class NonFiniteImageException extends InferenceException {
  private static final long serialVersionUID = 1L;

  NonFiniteImageException(String message, NonFiniteException cause) {
    super(message, cause);
  }
}

package io.github.cpsample.service.engine;

/** A model takes no more requests, or ended one under way, because the service stops. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppedException() {
    super("service: expected one that takes requests, found one that is stopping");
  }
}

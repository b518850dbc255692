package io.github.cpsample.service.engine;

import java.time.Duration;

/** A request took longer than it may. */
public final class TimeLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TimeLimitException(Duration limit) {
    super(
        "request: expected to be done within "
            + limit.toMillis()
            + " ms, found it unfinished; ask for fewer images or steps");
  }
}

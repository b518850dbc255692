package io.github.cpsample.service.web;

import java.util.Optional;
import java.util.OptionalInt;

/** A request that is refused, or failed: what the client is told. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String code;
  private final String param;
  private final int retryAfter;

  private ApiException(
      int status, String type, String code, String param, String message, int retryAfter) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
  }

  /** A field, or the whole body where the name is empty, is not what it should be. */
  static ApiException invalid(String param, String message) {
    return refused(400, "invalid_value", param, message);
  }

  /** A request that no other try makes better. */
  static ApiException refused(int status, String code, String param, String message) {
    return new ApiException(status, "invalid_request_error", code, param, message, 0);
  }

  /** A request that may come again later. */
  static ApiException later(int status, String code, String message, int seconds) {
    String type = status == 429 ? "rate_limit_error" : "server_error";
    return new ApiException(status, type, code, "", message, seconds);
  }

  /** Not the client's fault. */
  static ApiException failed(String message) {
    return new ApiException(500, "server_error", "internal_error", "", message, 0);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  String code() {
    return code;
  }

  Optional<String> param() {
    return Optional.of(param).filter(name -> !name.isEmpty());
  }

  /** In how many seconds to try again. */
  OptionalInt retryAfter() {
    return retryAfter > 0 ? OptionalInt.of(retryAfter) : OptionalInt.empty();
  }
}

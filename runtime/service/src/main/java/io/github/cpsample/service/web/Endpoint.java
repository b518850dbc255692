package io.github.cpsample.service.web;

import com.google.gson.JsonObject;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One operation of the service, from which its route and its entry in the OpenAPI document are
 * made.
 *
 * @param method GET or POST
 * @param path with {@code {parameters}}
 * @param access who may call it
 * @param summary one sentence
 * @param body what it takes
 * @param answers what it answers with, by status
 * @param handler what it does
 */
record Endpoint(
    HandlerType method,
    String path,
    Access access,
    String summary,
    Optional<Body> body,
    Map<Integer, String> answers,
    Handler handler) {

  /** Answers a request. */
  @FunctionalInterface
  interface Handler {
    /**
     * Answers, now or when what it has begun is done.
     *
     * @throws ApiException if the request is refused
     */
    void handle(Context context);
  }

  /** Who may call it, where keys are asked for. */
  enum Access {
    /** Anybody. */
    PUBLIC,
    /** Who has a key. */
    USER,
    /** Who has an operator's key. */
    OPERATOR
  }

  /**
   * What a request carries.
   *
   * @param type its media type
   * @param schema its JSON schema
   */
  record Body(String type, JsonObject schema) {}

  static Endpoint get(String path, Access access, String summary, String answer, Handler handler) {
    return new Endpoint(
        HandlerType.GET, path, access, summary, Optional.empty(), answers(access, answer), handler);
  }

  static Endpoint post(
      String path, Access access, String summary, String answer, Body body, Handler handler) {
    Map<Integer, String> answers = answers(access, answer);
    answers.put(400, "a field is not what was expected");
    answers.put(413, "the body is too long");
    answers.put(415, "the body is of another type");
    return new Endpoint(
        HandlerType.POST, path, access, summary, Optional.of(body), answers, handler);
  }

  /** The same, with another answer. */
  Endpoint or(int status, String answer) {
    Map<Integer, String> more = new TreeMap<>(answers);
    more.put(status, answer);
    return new Endpoint(method, path, access, summary, body, more, handler);
  }

  /** The same, with the answers of operations that make images. */
  Endpoint making() {
    return or(403, "the operator does not allow this")
        .or(404, "there is no such model")
        .or(429, "too many images are waiting; Retry-After says when to try again")
        .or(500, "the model failed")
        .or(503, "the service is stopping, or the request took too long");
  }

  private static Map<Integer, String> answers(Access access, String answer) {
    Map<Integer, String> answers = new TreeMap<>();
    answers.put(200, answer);
    answers.put(403, "the request comes from a page of another site");
    if (access != Access.PUBLIC) {
      answers.put(401, "the key is missing or wrong");
    }
    return answers;
  }
}

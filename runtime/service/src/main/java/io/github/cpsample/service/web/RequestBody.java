package io.github.cpsample.service.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;

/**
 * The body of a request, read whole into memory and never into a file.
 *
 * @param fields what is written in it
 * @param files what is enclosed, by name
 */
record RequestBody(Fields fields, Map<String, ImageFile> files) {
  private static final String JSON = "application/json";
  private static final String FORM = "multipart/form-data";
  private static final int MOST_PARTS = 64;

  /**
   * Reads JSON.
   *
   * @throws ApiException if it is too long or something else
   */
  static RequestBody json(Context context, long mostBytes) {
    requireType(context, JSON);
    return new RequestBody(Fields.json(bytes(context, mostBytes)), Map.of());
  }

  /**
   * Reads a form with files.
   *
   * @throws ApiException if it is too long or something else
   */
  static RequestBody form(Context context, long mostBytes) {
    String type = requireType(context, FORM);
    byte[] body = bytes(context, mostBytes);
    String boundary = MultiPart.extractBoundary(type);
    if (boundary == null || boundary.isEmpty()) {
      throw ApiException.invalid("", "body: expected a multipart boundary, found none");
    }
    MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
    parser.setMaxParts(MOST_PARTS);
    parser.setMaxLength(mostBytes);
    parser.setMaxMemoryFileSize(mostBytes);
    CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
    parser.parse(Content.Source.from(ByteBuffer.wrap(body)), Promise.Invocable.toPromise(parsed));
    try (MultiPartFormData.Parts parts = parsed.join()) {
      return of(parts);
    } catch (CompletionException | IOException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw ApiException.invalid(
          "", "body: expected multipart/form-data, found something else: " + reason.getMessage());
    }
  }

  private static RequestBody of(MultiPartFormData.Parts parts) throws IOException {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    Map<String, ImageFile> files = new HashMap<>();
    for (MultiPart.Part part : parts) {
      if (part.getName() == null) {
        throw ApiException.invalid("", "body: expected parts with names, found one without");
      }
      if (part.getFileName() == null) {
        texts.put(part.getName(), List.of(part.getContentAsString(StandardCharsets.UTF_8)));
      } else {
        try (InputStream content = Content.Source.asInputStream(part.getContentSource())) {
          files.put(part.getName(), new ImageFile(part.getName(), content.readAllBytes()));
        }
      }
    }
    return new RequestBody(Fields.form(texts), files);
  }

  /**
   * Reads what has not been read of a body that is refused, and forgets it. A connection that is
   * closed while bytes arrive is reset, and with it goes the answer that says why.
   *
   * @param mostBytes the bytes after which the client is left to its reset
   */
  static void discard(Context context, long mostBytes) {
    try {
      context.req().getInputStream().skipNBytes(mostBytes);
    } catch (IOException e) {
      // The end came first, as it should, or nobody is there to be answered.
    }
  }

  /** A file that may be missing. */
  Optional<ImageFile> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** A file that must be there. */
  ImageFile requiredFile(String name) {
    return file(name)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    name, name + ": expected an image file with a file name, found none"));
  }

  private static String requireType(Context context, String expected) {
    String type = Optional.ofNullable(context.header("Content-Type")).orElse("");
    if (!type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(expected)) {
      throw ApiException.refused(
          415,
          "unsupported_media_type",
          "",
          "Content-Type: expected "
              + expected
              + ", found "
              + (type.isEmpty() ? "none" : "'" + type + "'"));
    }
    return type;
  }

  private static byte[] bytes(Context context, long mostBytes) {
    if (context.req().getContentLengthLong() > mostBytes) {
      throw tooLong(mostBytes);
    }
    try {
      int most = (int) Math.min(Integer.MAX_VALUE - 8, mostBytes + 1);
      byte[] body = context.req().getInputStream().readNBytes(most);
      if (body.length > mostBytes) {
        throw tooLong(mostBytes);
      }
      return body;
    } catch (IOException e) {
      throw ApiException.invalid(
          "", "body: expected all of it, found its end too early: " + e.getMessage());
    }
  }

  private static ApiException tooLong(long mostBytes) {
    return ApiException.refused(
        413, "body_too_long", "", "body: expected at most " + mostBytes + " bytes, found more");
  }
}

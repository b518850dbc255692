package io.github.cpsample.service;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.TinyModel;
import io.github.cpsample.service.engine.SamplerOpener;
import io.github.cpsample.service.settings.ServiceSettings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/** A service of two tiny models, unconditional {@code tiny} and {@code classes} of three. */
public final class TinyService implements AutoCloseable {
  private static final SessionSettings ONE_THREAD =
      new SessionSettings(1, SessionSettings.Optimization.ALL);

  private final Path folder;
  private final ImageService service;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private TinyService(Path folder, ServiceSettings settings) throws IOException {
    this.folder = folder;
    Map<String, SamplerOpener> models = new LinkedHashMap<>();
    models.put("tiny", () -> sampler(folder, 0));
    models.put("classes", () -> sampler(folder, 3));
    this.service = ImageService.start(models, settings.at("127.0.0.1", 0));
  }

  public static TinyService start(Path folder, ServiceSettings settings) throws IOException {
    for (int classes : new int[] {0, 3}) {
      new TinyModel(8, 4).bundle(classes).toDirectory(folder.resolve("model-" + classes));
    }
    return new TinyService(folder, settings);
  }

  private static ProtectedSampler sampler(Path folder, int classes) {
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("model-" + classes))) {
      return ProtectedSampler.open(bundle, Device.cpu(), ONE_THREAD);
    }
  }

  /** The same model outside of the service. */
  public ProtectedSampler sampler(int classes) {
    return sampler(folder, classes);
  }

  ImageService service() {
    return service;
  }

  public String address() {
    return "http://127.0.0.1:" + service.port();
  }

  /** What was answered so far, as {@code POST /path 200}. */
  Set<String> seen() {
    return seen;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofMinutes(2));
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    seen.add(request.method() + " " + request.uri().getPath() + " " + response.statusCode());
    return response;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  HttpResponse<String> post(String path, Form form) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + Form.BOUNDARY)
            .POST(BodyPublishers.ofByteArray(form.bytes()))
            .build());
  }

  static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  /** The picture in an element of an answer of the images API. */
  static BufferedImage picture(HttpResponse<String> response, int index) {
    return picture(
        json(response)
            .getAsJsonArray("data")
            .get(index)
            .getAsJsonObject()
            .get("b64_json")
            .getAsString());
  }

  public static BufferedImage picture(String base64) {
    try {
      return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A picture's pixels. */
  public static int[] pixels(BufferedImage image) {
    int[] pixels = new int[image.getWidth() * image.getHeight()];
    return image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, pixels);
  }

  public static int[] pixels(FloatImage image) {
    return pixels(image.toBufferedImage());
  }

  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    try {
      service.stop(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A form with files. */
  static final class Form {
    static final String BOUNDARY = "a-boundary";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Form text(String name, String value) {
      write("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n");
      write(value + "\r\n");
      return this;
    }

    Form file(String name, byte[] content) {
      write("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name);
      write("\"; filename=\"image.png\"\r\nContent-Type: image/png\r\n\r\n");
      bytes.writeBytes(content);
      write("\r\n");
      return this;
    }

    byte[] bytes() {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(bytes.toByteArray());
      whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
      return whole.toByteArray();
    }

    private void write(String text) {
      bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}

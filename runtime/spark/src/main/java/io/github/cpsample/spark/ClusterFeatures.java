package io.github.cpsample.spark;

import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.Layout;
import io.github.cpsample.evaluation.quality.OnnxEmbedder;
import io.github.cpsample.evaluation.quality.Preprocessing;
import io.github.cpsample.evaluation.quality.Resize;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.ModelHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Where images are compared: in their pixels, or in the features of an ONNX network, whose file
 * goes to all executors once and which every process of theirs opens once. Immutable and
 * thread-safe.
 */
public final class ClusterFeatures implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int channels;
  private final int height;
  private final int width;
  private final @Nullable Embedder embedder;

  private ClusterFeatures(ImageShape images, @Nullable Embedder embedder) {
    images.requirePicture();
    this.channels = images.channels();
    this.height = images.height();
    this.width = images.width();
    this.embedder = embedder;
  }

  /** An {@link EmbedderSpec} as it travels; what is null is absent. */
  private record Embedder(
      String folder,
      String file,
      String name,
      @Nullable String range,
      @Nullable String output,
      @Nullable Integer size,
      @Nullable Integer features,
      @Nullable String layout,
      String resize)
      implements Serializable {

    static Embedder of(EmbedderSpec spec, String folder) {
      return new Embedder(
          folder,
          spec.file().getFileName().toString(),
          spec.name(),
          spec.range().map(Preprocessing::label).orElse(null),
          spec.output().orElse(null),
          spec.size().isPresent() ? spec.size().getAsInt() : null,
          spec.features().isPresent() ? spec.features().getAsInt() : null,
          spec.layout().map(Layout::label).orElse(null),
          spec.resize().label());
    }

    EmbedderSpec spec() {
      return new EmbedderSpec(
          name,
          ShippedFile.find(folder).resolve(file),
          Optional.ofNullable(range).map(Preprocessing::of),
          Optional.ofNullable(output),
          size == null ? OptionalInt.empty() : OptionalInt.of(size),
          features == null ? OptionalInt.empty() : OptionalInt.of(features),
          Optional.ofNullable(layout).map(Layout::of),
          Resize.of(resize));
    }
  }

  /**
   * The pixels themselves.
   *
   * @param images the shape to which all images are decoded
   * @return the features
   */
  public static ClusterFeatures pixels(ImageShape images) {
    return new ClusterFeatures(images, null);
  }

  /**
   * Sends a network to all executors.
   *
   * @param spark the session, whose context outlives the features
   * @param spec the file on the driver's machine, and what it does not say
   * @param images the shape to which all images are decoded
   * @return the features
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file does not tell enough, or is no embedder of images
   */
  public static ClusterFeatures embedder(SparkSession spark, EmbedderSpec spec, ImageShape images)
      throws IOException {
    OnnxEmbedder.open(spec, images, ResolvedDevice.of(Device.cpu())).close();
    List<Path> files = new ArrayList<>(List.of(spec.file()));
    for (String data : ModelHeader.read(spec.file()).dataFiles()) {
      files.add(spec.file().resolveSibling(data));
    }
    StringBuilder hashes = new StringBuilder();
    for (Path file : files) {
      hashes.append(ShippedFile.hash(file));
    }
    String folder = "cpsample-embedder-" + ShippedFile.hash(hashes.toString());
    ShippedFile.addArchive(spark, folder, archive -> pack(spec.file(), files, archive));
    return new ClusterFeatures(images, Embedder.of(spec, folder));
  }

  private static void pack(Path model, List<Path> files, Path archive) throws IOException {
    Path folder = Objects.requireNonNull(model.toAbsolutePath().getParent(), "a file's folder");
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Path each : files) {
        zip.putNextEntry(new ZipEntry(folder.relativize(each.toAbsolutePath()).toString()));
        Files.copy(each, zip);
        zip.closeEntry();
      }
    }
  }

  /** The shape to which images are decoded. */
  ImageShape shape() {
    return new ImageShape(channels, height, width);
  }

  /** Whether these are the pixels. */
  boolean isPixels() {
    return embedder == null;
  }

  /** The name in messages. */
  String name() {
    return embedder == null ? "pixels" : embedder.name();
  }

  /**
   * The features of some images, on an executor.
   *
   * @param pixels one image per row
   * @return a row for each; the pixels themselves are not copied
   */
  float[][] of(float[][] pixels) {
    Embedder network = embedder;
    if (network == null) {
      return pixels;
    }
    int threads = TaskPlace.threads();
    return ProcessResources.get(
            network + " for " + shape() + " with " + threads + " threads",
            OnnxEmbedder.class,
            () ->
                OnnxEmbedder.open(
                    network.spec(),
                    shape(),
                    ResolvedDevice.of(Device.cpu()),
                    new SessionSettings(threads, SessionSettings.Optimization.ALL)))
        .embed(pixels);
  }
}

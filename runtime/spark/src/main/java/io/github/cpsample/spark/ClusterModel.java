package io.github.cpsample.spark;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.sampling.ProtectedSampler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * A model on the machines of a cluster. Its files go there once, by Spark's own file distribution;
 * tasks carry its name and hash alone. Every process opens it once, with as many threads as a task
 * has cores, for all its tasks, and closes it at its end. Immutable and thread-safe.
 *
 * <p>A bundle, and much more an index, is as sensitive as the training images: whoever can read the
 * executors' working folders has them.
 */
public final class ClusterModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final String folder;
  private final String hash;
  private final @Nullable String indexFile;
  private final transient Manifest manifest;

  private ClusterModel(Manifest manifest, String hash, @Nullable String indexFile) {
    this.name = manifest.name();
    this.hash = hash;
    this.folder = "cpsample-model-" + hash;
    this.indexFile = indexFile;
    this.manifest = manifest;
  }

  /**
   * Sends a model to all executors.
   *
   * @param spark the session, whose context outlives the model
   * @param bundle a folder or a zip file on the driver's machine
   * @return the model
   * @throws io.github.cpsample.bundle.BundleException if it is missing, damaged or altered
   * @throws IOException if it cannot be packed into the driver's temporary folder
   */
  public static ClusterModel ship(SparkSession spark, Path bundle) throws IOException {
    try (ModelBundle opened = ModelBundle.open(bundle)) {
      byte[] json = json(opened.manifest());
      ClusterModel model =
          new ClusterModel(opened.manifest(), Manifest.FileEntry.of(json).sha256(), null);
      ShippedFile.addArchive(spark, model.folder, archive -> pack(opened, archive));
      return model;
    }
  }

  private static byte[] json(Manifest manifest) {
    return manifest.toJson().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The same model, whose images are held against training images.
   *
   * @param spark the session
   * @param index made by {@code cpsample index} for this model; goes to all executors
   * @return a changed copy
   * @throws IOException if it is no index
   * @throws IllegalArgumentException if it is of images of another shape
   */
  public ClusterModel withIndex(SparkSession spark, Path index) throws IOException {
    TrainingIndex.read(index).requireShape(manifest().image());
    String file = "cpsample-index-" + ShippedFile.hash(index);
    ShippedFile.addFile(spark, file, copy -> Files.copy(index, copy));
    return new ClusterModel(manifest(), hash, file);
  }

  /**
   * Its hash: of the manifest, which names the hashes of all its files.
   *
   * @return SHA-256, hexadecimal
   */
  public String hash() {
    return hash;
  }

  /**
   * The manifest.
   *
   * @return the manifest
   * @throws IllegalStateException on an executor
   */
  public Manifest manifest() {
    if (manifest == null) {
      throw new IllegalStateException(
          "model " + name + ": expected the driver, which knows the manifest, found an executor");
    }
    return manifest;
  }

  /**
   * What images of an index are compared with.
   *
   * @return the name of the index's file; empty if there is none
   */
  Optional<String> indexFile() {
    return Optional.ofNullable(indexFile);
  }

  /** The sampler of this process. */
  ProtectedSampler sampler() {
    int threads = TaskPlace.threads();
    return ProcessResources.get(
        "sampler of " + folder + " with " + threads + " threads",
        ProtectedSampler.class,
        () -> {
          try (ModelBundle bundle = open()) {
            return ProtectedSampler.open(
                bundle,
                Device.cpu(),
                new SessionSettings(threads, SessionSettings.Optimization.ALL));
          }
        });
  }

  /** The bundle, of which the caller closes what is not needed any more. */
  ModelBundle open() {
    return ModelBundle.open(ShippedFile.find(folder));
  }

  /** The index of this process; empty where none was given. */
  Optional<TrainingIndex> index() {
    return indexFile()
        .map(
            file ->
                ProcessResources.get(
                    file, TrainingIndex.class, () -> TrainingIndex.read(ShippedFile.find(file))));
  }

  /** The shape of finished images. */
  ImageShape image() {
    return manifest().image();
  }

  /** Packs the manifest and what it names. */
  private static void pack(ModelBundle bundle, Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(new ZipEntry(Manifest.FILE_NAME));
      zip.write(json(bundle.manifest()));
      zip.closeEntry();
      for (String name : bundle.manifest().files().keySet()) {
        zip.putNextEntry(new ZipEntry(name));
        Optional<Path> path = bundle.path(name);
        if (path.isPresent()) {
          Files.copy(path.get(), zip);
        } else {
          zip.write(bundle.file(name));
        }
        zip.closeEntry();
      }
    }
  }
}

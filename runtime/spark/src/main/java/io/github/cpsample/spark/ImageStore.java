package io.github.cpsample.spark;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A folder of Parquet files with generated images, {@code kind=images}, and with the ids of those
 * that were rejected and why, {@code kind=rejected}; beside them {@code _cpsample.json} says what
 * decides the images. A task's files are there as soon as the task is done, and stay if the job
 * fails: what follows goes on from there.
 */
final class ImageStore {

  /** The column that tells images from what was rejected, a folder each. */
  static final String KIND = "kind";

  static final String IMAGES = "images";
  private static final String REJECTED = "rejected";
  private static final String DECIDES = "_cpsample.json";

  /** What a driver leaves that ends, or finds the disk full, as it writes the file. */
  private static final String TEMPORARY = DECIDES + ".tmp";

  private static final StructType STORED =
      ProtectedImages.SCHEMA.add(KIND, DataTypes.StringType, false);
  private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

  private final SparkSession spark;
  private final Path folder;

  private ImageStore(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * Opens a folder, or makes one.
   *
   * @param folder of any file system that Spark writes to
   * @param decides what decides the images
   * @throws IllegalArgumentException if there are images of another model or request in it
   */
  static ImageStore open(SparkSession spark, String folder, Map<String, String> decides)
      throws IOException {
    ImageStore store = new ImageStore(spark, new Path(folder));
    FileSystem files = store.files();
    Path file = new Path(store.folder, DECIDES);
    if (files.exists(file)) {
      requireSame(file, read(files, file), decides);
    } else if (files.exists(store.folder)
        && files.listStatus(store.folder, found -> !found.getName().equals(TEMPORARY)).length > 0) {
      throw new IllegalArgumentException(
          folder + ": expected an empty folder or one with " + DECIDES + ", found other files");
    } else {
      write(files, file, decides);
    }
    return store;
  }

  /** All rows that are there, with the column {@link #KIND}. */
  Dataset<Row> rows() {
    return spark.read().schema(STORED).parquet(folder.toString());
  }

  /** Whether there is any. */
  boolean isEmpty() throws IOException {
    return !files().exists(new Path(folder, KIND + "=" + IMAGES))
        && !files().exists(new Path(folder, KIND + "=" + REJECTED));
  }

  /** Adds rows: a file for each partition, and another one where something was rejected in it. */
  void append(Dataset<Row> rows) {
    rows.withColumn(
            KIND,
            functions
                .when(functions.col(ProtectedImages.REJECTED).isNull(), IMAGES)
                .otherwise(REJECTED))
        .write()
        .mode(SaveMode.Append)
        // A task moves its files into place itself, so that they outlive a job that fails.
        .option("mapreduce.fileoutputcommitter.algorithm.version", "2")
        .partitionBy(KIND)
        .parquet(folder.toString());
  }

  /**
   * Counts what is there.
   *
   * @param count of images that were asked for
   * @throws IllegalStateException if ids are missing or there twice
   */
  Summary summary(long count) {
    Row row =
        rows()
            .where(functions.col(ProtectedImages.ID).lt(count))
            .agg(
                functions.count(ProtectedImages.ID),
                functions.countDistinct(ProtectedImages.ID),
                functions.count_if(functions.col(KIND).equalTo(REJECTED)),
                functions.count_if(functions.col(ProtectedImages.GUARDED)),
                functions.count_if(functions.col(ProtectedImages.FLAGGED)))
            .first();
    if (row.getLong(0) != count || row.getLong(1) != count) {
      throw new IllegalStateException(
          folder
              + ": expected "
              + count
              + " images, found "
              + row.getLong(0)
              + " with "
              + row.getLong(1)
              + " ids; run the job again where some are missing, into another folder where some are"
              + " twice");
    }
    return new Summary(count - row.getLong(2), row.getLong(2), row.getLong(3), row.getLong(4));
  }

  /**
   * What is in a folder.
   *
   * @param images that are there
   * @param rejected images that are not, with the reason
   * @param guarded how many images were guarded
   * @param flagged how many are too close to a training image
   */
  record Summary(long images, long rejected, long guarded, long flagged) {}

  private FileSystem files() throws IOException {
    return folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }

  private static void write(FileSystem files, Path file, Map<String, String> decides)
      throws IOException {
    Path temporary = new Path(file.getParent(), TEMPORARY);
    try (FSDataOutputStream out = files.create(temporary, true)) {
      out.write(JSON.toJson(decides).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException(temporary + " cannot be written: " + e.getMessage(), e);
    }
    if (!files.rename(temporary, file)) {
      throw new IOException(temporary + " cannot be renamed to " + file);
    }
  }

  private static Map<String, String> read(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      Map<String, String> found = new TreeMap<>();
      JSON.fromJson(
              new String(in.readAllBytes(), StandardCharsets.UTF_8),
              com.google.gson.JsonObject.class)
          .entrySet()
          .forEach(entry -> found.put(entry.getKey(), entry.getValue().getAsString()));
      return found;
    } catch (JsonParseException e) {
      throw new IOException(file + ": expected what a job wrote, found no JSON: " + e, e);
    }
  }

  private static void requireSame(
      Path file, Map<String, String> found, Map<String, String> expected) {
    Map<String, String> all = new TreeMap<>(found);
    all.putAll(expected);
    for (String name : all.keySet()) {
      if (!Objects.equals(found.get(name), expected.get(name))) {
        throw new IllegalArgumentException(
            file
                + ", "
                + name
                + ": expected "
                + expected.get(name)
                + ", as asked for, found "
                + found.get(name)
                + "; a job goes on with its own model and request only, take another folder");
      }
    }
  }
}

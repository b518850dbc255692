package io.github.cpsample.spark;

import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Turns images, rows of an id and an image file, into rows of features. An image that cannot be
 * decoded becomes a row with the reason, and the partition and row where it was found.
 */
final class FeatureRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  static final String ID = ProtectedImages.ID;
  static final String VALUES = "values";
  static final String PARTITION = "partition";
  static final String ROW = "row";
  static final String REASON = "reason";
  private static final String PIXEL_HASH = "pixel_hash";
  private static final String VALUE_HASH = "value_hash";

  private static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(ID, DataTypes.LongType, false),
            DataTypes.createStructField(VALUES, DataTypes.BinaryType, true),
            DataTypes.createStructField(PIXEL_HASH, DataTypes.BinaryType, true),
            DataTypes.createStructField(VALUE_HASH, DataTypes.BinaryType, true),
            DataTypes.createStructField(PARTITION, DataTypes.IntegerType, false),
            DataTypes.createStructField(ROW, DataTypes.LongType, false),
            DataTypes.createStructField(REASON, DataTypes.StringType, true)
          });

  private static final int TOGETHER = 32;

  private final ClusterFeatures features;
  private final boolean hashed;

  private FeatureRows(ClusterFeatures features, boolean hashed) {
    this.features = features;
    this.hashed = hashed;
  }

  /**
   * The features of all images that can be decoded: id and values.
   *
   * @param images with the columns id and png
   */
  static Dataset<Row> of(Dataset<Row> images, ClusterFeatures features) {
    return accepted(rows(images, features, false)).select(ID, VALUES);
  }

  /**
   * The same, without those that are equal to one of a smaller id, number for number, in their
   * pixels or in their features.
   */
  static Dataset<Row> distinct(Dataset<Row> images, ClusterFeatures features) {
    Dataset<Row> different =
        firstOf(accepted(rows(images, features, true)), PIXEL_HASH, ID, VALUES, VALUE_HASH);
    return features.isPixels()
        ? different.select(ID, VALUES)
        : firstOf(different, VALUE_HASH, ID, VALUES);
  }

  /** The images that cannot be decoded, with partition, row and reason. */
  static Dataset<Row> rejected(Dataset<Row> images, ClusterFeatures features) {
    return rows(images, ClusterFeatures.pixels(features.shape()), false)
        .where(functions.col(REASON).isNotNull())
        .select(ID, PARTITION, ROW, REASON);
  }

  /** Values as they are stored. */
  static float[] values(byte[] stored) {
    float[] values = new float[stored.length / Float.BYTES];
    ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static Dataset<Row> rows(Dataset<Row> images, ClusterFeatures features, boolean hashed) {
    return images
        .select(functions.col(ID).cast(DataTypes.LongType), functions.col(ProtectedImages.PNG))
        .mapPartitions(new FeatureRows(features, hashed), Encoders.row(SCHEMA));
  }

  private static Dataset<Row> accepted(Dataset<Row> rows) {
    return rows.where(functions.col(REASON).isNull());
  }

  /** Of all rows with one key that of the smallest id. */
  private static Dataset<Row> firstOf(Dataset<Row> rows, String key, String id, String... others) {
    return rows.groupBy(key)
        .agg(functions.min(functions.struct(id, others)).as("first"))
        .select("first.*");
  }

  @Override
  public Iterator<Row> call(Iterator<Row> images) {
    TaskPlace place = new TaskPlace();
    return new Flattened<>(
        new Chunks<>(images, TOGETHER),
        chunk ->
            place.doing(
                features.name() + " of " + chunk.size() + " images up to this one",
                () -> rows(chunk, place).iterator()));
  }

  private List<Row> rows(List<Row> images, TaskPlace place) {
    List<Row> rows = new ArrayList<>(images.size());
    List<Long> ids = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    List<float[]> decoded = new ArrayList<>();
    for (Row image : images) {
      place.next();
      long id = image.isNullAt(0) ? -1 : image.getLong(0);
      try {
        decoded.add(decode(image));
        ids.add(id);
        places.add(place.row());
      } catch (IOException e) {
        rows.add(
            RowFactory.create(
                id, null, null, null, place.partition(), place.row(), e.getMessage()));
      }
    }
    if (decoded.isEmpty()) {
      return rows;
    }
    float[][] pixels = decoded.toArray(float[][]::new);
    float[][] values = finite(pixels);
    for (int i = 0; i < pixels.length; i++) {
      byte[] pixelHash = hashed ? hash(pixels[i]) : null;
      byte[] valueHash = hashed ? hash(values[i]) : null;
      rows.add(
          RowFactory.create(
              ids.get(i),
              bytes(values[i]),
              pixelHash,
              valueHash,
              place.partition(),
              places.get(i),
              null));
    }
    return rows;
  }

  private float[] decode(Row image) throws IOException {
    if (image.isNullAt(0)) {
      throw new IOException("expected an id, found none");
    }
    String name = "image " + image.getLong(0);
    if (image.isNullAt(1)) {
      throw new IOException(name + ": expected an image file, found nothing");
    }
    return ImageDecoder.read(name, image.<byte[]>getAs(1), features.shape(), Integer.MAX_VALUE);
  }

  private float[][] finite(float[][] pixels) {
    float[][] values = features.of(pixels);
    Rows.requireFinite(features.name(), values, 1);
    return values;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** Of numbers, 0 and -0 being one. */
  private static byte[] hash(float[] values) {
    float[] plain = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      plain[i] = values[i] + 0.0f;
    }
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes(plain));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

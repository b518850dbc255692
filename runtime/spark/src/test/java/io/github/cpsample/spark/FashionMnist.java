package io.github.cpsample.spark;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Real images: those of Fashion-MNIST that the trainer brings along. */
final class FashionMnist {

  static final ImageShape SHAPE = new ImageShape(1, 28, 28);

  private static final Path FOLDER =
      Path.of("../../trainer/src/main/resources/io/github/cpsample/trainer/data/fashion-mnist");
  private static final StructType IMAGES =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("id", DataTypes.LongType, true),
            DataTypes.createStructField("png", DataTypes.BinaryType, true)
          });

  private FashionMnist() {}

  /** Some images of a set as PNG files, from one on. */
  static List<byte[]> files(String set, int from, int count) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(
                Files.newInputStream(FOLDER.resolve(set + "-images-idx3-ubyte.gz"))))) {
      in.skipNBytes(16 + (long) from * SHAPE.size());
      for (int i = 0; i < count; i++) {
        byte[] pixels = in.readNBytes(SHAPE.size());
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, 28, 28, pixels);
        files.add(PngBytes.of(image));
      }
    }
    return files;
  }

  /** The same images as rows of pixels, decoded here. */
  static float[][] pixels(List<byte[]> files) throws IOException {
    float[][] rows = new float[files.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          FloatImage.of(
                  javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(files.get(i))), 1)
              .values();
    }
    return rows;
  }

  /** A set of images whose ids are a multiple of their places, in another order. */
  static Dataset<Row> set(SparkSession spark, List<byte[]> files, int step, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      rows.add(0, RowFactory.create((long) i * step, files.get(i)));
    }
    return spark.createDataFrame(rows, IMAGES).repartition(partitions);
  }
}

package io.github.cpsample.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Reads sets of images for {@link ImageAudit} from any file system that Spark reads. */
public final class ImageSets {

  /** Address of an image's file: {@code string}. */
  public static final String PATH = "path";

  private static final StructType NUMBERED =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(PATH, DataTypes.StringType, false),
            DataTypes.createStructField(ImageAudit.ID, DataTypes.LongType, false)
          });

  private ImageSets() {}

  /**
   * Image files in a folder and those below.
   *
   * @param spark the session
   * @param folder of image files alone
   * @return {@code id}, from 0 in the order of addresses, {@code path}, and {@code png}, the file
   *     as it is, whatever its format
   */
  public static Dataset<Row> files(SparkSession spark, String folder) {
    Dataset<Row> files =
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", "true")
            .load(folder)
            .select(functions.col(PATH), functions.col("content").as(ProtectedImages.PNG));
    Dataset<Row> numbered =
        spark.createDataFrame(
            files
                .select(PATH)
                .orderBy(PATH)
                .toJavaRDD()
                .zipWithIndex()
                .map(file -> RowFactory.create(file._1().getString(0), file._2())),
            NUMBERED);
    return files.join(numbered, PATH).select(ImageAudit.ID, PATH, ProtectedImages.PNG);
  }

  /**
   * Images that {@link GenerateJob} made.
   *
   * @param spark the session
   * @param folder what the job was given as {@code --out}
   * @return the images without those that were rejected
   */
  public static Dataset<Row> generated(SparkSession spark, String folder) {
    return spark.read().parquet(folder + "/" + ImageStore.KIND + "=" + ImageStore.IMAGES);
  }

  /** Parquet files with the columns id and png, what {@link GenerateJob} made, or image files. */
  static Dataset<Row> read(SparkSession spark, String folder, boolean files) {
    if (files) {
      return files(spark, folder);
    }
    Dataset<Row> images = spark.read().parquet(folder);
    List<String> columns = Arrays.asList(images.columns());
    if (columns.contains(ImageStore.KIND)) {
      return generated(spark, folder);
    }
    if (!columns.containsAll(List.of(ImageAudit.ID, ProtectedImages.PNG))) {
      throw new IllegalArgumentException(
          folder
              + ": expected Parquet files with the columns "
              + ImageAudit.ID
              + " and "
              + ProtectedImages.PNG
              + ", found "
              + columns);
    }
    return images;
  }
}

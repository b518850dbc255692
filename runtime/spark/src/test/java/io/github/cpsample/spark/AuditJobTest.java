package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Cluster.class)
class AuditJobTest {

  @TempDir private Path folder;

  @Test
  void filesAndParquetAreCompared() throws IOException {
    SparkSession spark = Cluster.session();
    List<byte[]> training = FashionMnist.files("public", 0, 40);
    Path files = Files.createDirectories(folder.resolve("training").resolve("below"));
    for (int i = 0; i < training.size(); i++) {
      Files.write(files.resolve(String.format(Locale.ROOT, "%03d.png", i)), training.get(i));
    }
    Files.write(files.resolve("999.png"), "none".getBytes(StandardCharsets.UTF_8));
    List<byte[]> made = List.of(training.get(11), FashionMnist.files("heldout", 3, 1).get(0));
    String generated = folder.resolve("generated").toString();
    FashionMnist.set(spark, made, 1, 1).write().parquet(generated);
    Path out = folder.resolve("out");
    String[] arguments = {
      "--generated",
      generated,
      "--training",
      folder.resolve("training").toString(),
      "--training-files",
      "--shape",
      "1x28x28",
      "--out",
      out.toString()
    };
    JsonObject figures =
        JsonParser.parseString(AuditJob.JOB.run(spark, arguments)).getAsJsonObject();
    assertEquals(
        figures,
        JsonParser.parseString(Files.readString(out.resolve("figures.json"))).getAsJsonObject());
    assertEquals(2, figures.getAsJsonObject("pixels").get("images").getAsInt());
    assertEquals(1, figures.getAsJsonObject("pixels").get("replicas").getAsInt());
    assertEquals(1, figures.get("rejected").getAsInt());
    Row match =
        spark.read().parquet(out.resolve("matches-pixels").toString()).where("id = 0").first();
    assertEquals(11, match.<Long>getAs("nearest"));
    assertEquals(0, match.<Double>getAs("distance"), 0.0);
    Row rejected = spark.read().parquet(out.resolve("rejected").toString()).first();
    assertEquals(40, rejected.<Long>getAs("id"));
    assertEquals("training", rejected.<String>getAs("set"));
    assertTrue(rejected.<String>getAs("reason").contains("image 40"));

    IllegalArgumentException twice =
        assertThrows(IllegalArgumentException.class, () -> AuditJob.JOB.run(spark, arguments));
    assertTrue(twice.getMessage().contains("expected a folder that is not there"));
  }
}

package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.evaluation.TinyAudit;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.SamplingPlan;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An audit whose images a cluster makes is the audit of one machine. */
@ExtendWith(Cluster.class)
class AuditSampleJobTest {

  /** NaN is written as such, so that it is seen. */
  private static final GsonBuilder JSON = new GsonBuilder().serializeSpecialFloatingPointValues();

  /** Six batches, the last one not full: too many for one partition at a time. */
  private static final AuditSettings SETTINGS =
      new AuditSettings(
          22,
          6,
          5,
          4,
          6,
          List.of("unprotected", "cpsample", "rejection"),
          SearchSettings.Mode.AUTO,
          SpellSettings.RADIUS_SHARE);

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static TinyAudit tiny;
  private static JsonObject expected;

  @BeforeAll
  static void auditOnThisMachine() throws IOException {
    spark = Cluster.session();
    tiny = TinyAudit.in(folder);
    expected = finish(work("one-machine"));
  }

  @AfterAll
  static void close() {
    tiny.close();
  }

  private static Path work(String name) {
    return folder.resolve(name).resolve("work");
  }

  private static void prepare(Path work) throws IOException {
    Audit audit = tiny.audit(SETTINGS, TinyAudit.SILENT);
    try (WorkFolder opened = WorkFolder.open(work, audit.decides())) {
      audit.prepare(opened, TinyAudit.NO_FILES);
    }
  }

  private static JsonObject finish(Path work) throws IOException {
    return finish(work, TinyAudit.SILENT);
  }

  private static JsonObject finish(Path work, AuditDisplay display) throws IOException {
    Audit audit = tiny.audit(SETTINGS, display);
    try (WorkFolder opened = WorkFolder.open(work, audit.decides())) {
      Report report = audit.run(opened, TinyAudit.NO_FILES);
      String text = JSON.create().toJson(report);
      assertFalse(text.contains("NaN") || text.contains("Infinity"), text);
      return TinyAudit.timeless(JsonParser.parseString(text));
    }
  }

  private static String sample(Path work, String... more) throws IOException {
    return sample(folder.resolve("model"), work, more);
  }

  private static String sample(Path model, Path work, String... more) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--model", model.toString(), "--out", work.getParent().toString()));
    arguments.addAll(Arrays.asList(more));
    return AuditSampleJob.JOB.run(spark, arguments.toArray(String[]::new));
  }

  /** Takes away where images were made, which was on the cluster. */
  private static JsonObject withoutPlaces(JsonObject report) {
    for (JsonElement element : report.getAsJsonArray("methods")) {
      JsonObject method = element.getAsJsonObject();
      String name = method.get("name").getAsString();
      assertEquals(
          "Apache Spark, cores for each task: 1", method.remove("sampledOn").getAsString(), name);
    }
    return report;
  }

  private static void assertSameImages(Path work) throws IOException {
    for (String method : SamplingPlan.METHODS) {
      String name = "samples/" + method + ".f32";
      byte[] images = Files.readAllBytes(work("one-machine").resolve(name));
      assertEquals(22 * TinyBundle.SHAPE.size() * Float.BYTES, images.length);
      assertArrayEquals(images, Files.readAllBytes(work.resolve(name)), name);
    }
  }

  @Test
  void theReportIsThatOfOneMachineHoweverManyPartitionsThereAre() throws IOException {
    for (String partitions : List.of("1", "4", "50")) {
      Path work = work("partitions-" + partitions);
      prepare(work);
      String told = sample(work, "--partitions", partitions);
      assertTrue(told.contains("cpsample: 22 images made, 0 there before"), told);
      assertSameImages(work);
      assertEquals(expected, withoutPlaces(finish(work)), partitions);
      assertSameImages(work);
    }
  }

  /** Sampled here up to a batch, then there, then here, after more interruptions. */
  @Test
  void whatIsThereIsNotMadeAgain() throws IOException {
    Path work = work("interrupted");
    prepare(work);
    AuditDisplay stopping =
        (what, unit) ->
            new AuditDisplay.Stage() {
              @Override
              public void show(long done, long total) {
                if (done > 4) {
                  throw new CancellationException("stopped after " + done);
                }
              }

              @Override
              public void close() {}
            };
    assertThrows(CancellationException.class, () -> finish(work, stopping));
    int before = TinyBundle.SHAPE.size() * Float.BYTES * 4;
    assertEquals(before, Files.size(work.resolve("samples/unprotected.f32")));
    String told = sample(work);
    assertTrue(told.contains("unprotected: 18 images made, 4 there before"), told);
    String again = sample(work);
    assertTrue(again.contains("unprotected: 0 images made, 22 there before"), again);
    assertEquals(expected, withoutPlaces(finish(work)));
    assertSameImages(work);
  }

  @Test
  void anotherModelIsRefused() throws IOException {
    Path work = work("other-model");
    prepare(work);
    BundleWriter other = TinyBundle.writer();
    other.toDirectory(folder.resolve("other"));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> sample(folder.resolve("other"), work));
    assertTrue(
        refused.getMessage().startsWith("model tiny: expected the audited one"),
        refused.getMessage());
  }

  @Test
  void whatWasNotPreparedIsRefused() throws IOException {
    IOException nothing = assertThrows(IOException.class, () -> sample(work("nowhere")));
    assertTrue(nothing.getMessage().contains("--prepare first"), nothing.getMessage());
    Path work = work("no-partitions");
    prepare(work);
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> sample(work, "--partitions", "0"));
    assertTrue(none.getMessage().startsWith("--partitions: expected"), none.getMessage());
  }

  /** The plan says what the executors must have, and they look. */
  @Test
  void executorsOfAnotherVersionAreRefused() throws IOException {
    Path work = work("other-version");
    prepare(work);
    Path plan = work.resolve("plan.json");
    JsonObject changed = JsonParser.parseString(Files.readString(plan)).getAsJsonObject();
    changed.getAsJsonObject("versions").addProperty("onnxruntime", "0.1");
    Files.writeString(plan, changed.toString());
    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> sample(work));
    assertTrue(refused.getMessage().startsWith("AuditSampleJob: partition "), refused.getMessage());
    assertTrue(
        refused.getMessage().contains("version of onnxruntime: expected 0.1"),
        refused.getMessage());
  }

  /** An audit with another setting than the plan's is another audit. */
  @Test
  void aPlanOfAnotherAuditIsRefused() throws IOException {
    Path work = work("other-plan");
    prepare(work);
    Path plan = work.resolve("plan.json");
    JsonObject changed = JsonParser.parseString(Files.readString(plan)).getAsJsonObject();
    changed.getAsJsonObject("settings").addProperty("seed", 6);
    Files.writeString(plan, changed.toString());
    IOException refused = assertThrows(IOException.class, () -> sample(work));
    assertTrue(refused.getMessage().contains("seed (5 there, 6 now)"), refused.getMessage());
  }
}

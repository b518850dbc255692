package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.cpsample.evaluation.TinyAudit;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditOutput;
import io.github.cpsample.evaluation.audit.OutsideSampling;
import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.audit.SamplingPlan;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.store.SeedRange;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.sampling.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All files of an audit whose images another program made are those of an audit that made them. */
class OutsideReportTest {

  private static final Gson JSON = new Gson();
  private static final String PLACE = "a machine far away";

  @TempDir private Path folder;
  private TinyAudit tiny;

  @BeforeEach
  void open() throws IOException {
    tiny = TinyAudit.in(folder);
  }

  @AfterEach
  void close() {
    tiny.close();
  }

  /** A report's folder, whose report has no times and no places. */
  private record Timeless(ReportFolder folder) implements AuditOutput {
    @Override
    public void begin() throws IOException {
      folder.begin();
    }

    @Override
    public void write(Report report, ReportPictures pictures, SampleLines samples)
        throws IOException {
      JsonObject figures = TinyAudit.timeless(JSON.toJsonTree(report));
      figures.getAsJsonObject("provenance").addProperty("began", "once");
      figures
          .getAsJsonArray("methods")
          .forEach(method -> method.getAsJsonObject().remove("sampledOn"));
      folder.write(JSON.fromJson(figures, Report.class), pictures, samples);
    }
  }

  private ReportFolder output(String name) {
    return new ReportFolder(folder.resolve(name), true);
  }

  private void prepare(ReportFolder output) throws IOException {
    Audit audit = tiny.audit(TinyAudit.SILENT);
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      audit.prepare(work, output);
    }
  }

  private void finish(ReportFolder output, AuditOutput written) throws IOException {
    Audit audit = tiny.audit(TinyAudit.SILENT);
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      audit.run(work, written);
    }
  }

  private OutsideSampling outside(ReportFolder output) throws IOException {
    return OutsideSampling.open(output.work(), tiny.model().bundle().manifest());
  }

  private void sampleOutside(ReportFolder output) throws IOException {
    try (OutsideSampling outside = outside(output)) {
      for (String name : SamplingPlan.METHODS) {
        SeedRange seeds = outside.seeds(name);
        SamplingMethod method = outside.plan().method(name, tiny.model().sampler());
        while (outside.done(name) < seeds.count()) {
          List<AuditSample> batch = new ArrayList<>();
          method.sample(
              seeds.first() + outside.done(name),
              Math.min(seeds.batch(), seeds.count() - outside.done(name)),
              batch::add,
              Progress.none());
          outside.append(name, PLACE, batch);
        }
      }
    }
  }

  @Test
  void everyFileIsTheSame() throws IOException {
    ReportFolder here = output("here");
    finish(here, new Timeless(here));
    ReportFolder there = output("there");
    prepare(there);
    assertFalse(Files.exists(there.folder().resolve("report.json")));
    sampleOutside(there);
    finish(there, new Timeless(there));
    for (String name : List.of("report.json", "index.html", "worst-pairs.png")) {
      assertArrayEquals(
          Files.readAllBytes(here.folder().resolve(name)),
          Files.readAllBytes(there.folder().resolve(name)),
          name);
    }
    assertEquals(lines(here), lines(there));
  }

  private static List<String> lines(ReportFolder output) throws IOException {
    List<String> lines = Files.readAllLines(output.folder().resolve("samples.jsonl"));
    assertEquals(2 * 10 + 4 * 6, lines.size());
    return lines.stream().map(line -> line.replaceAll("\"seconds\":[^,}]+", "")).toList();
  }

  /** Seconds of another machine do not pass for those of this one. */
  @Test
  void theReportSaysWhereImagesWereMade() throws IOException {
    ReportFolder output = output("report");
    prepare(output);
    sampleOutside(output);
    finish(output, output);
    String page = Files.readString(output.folder().resolve("index.html"));
    assertTrue(
        page.contains(
            "Some images were made elsewhere than the rest of this report: no protection ("
                + PLACE
                + "), CPSample ("
                + PLACE
                + "), rejection sampling ("
                + PLACE
                + ")"),
        page);
    String json = Files.readString(output.folder().resolve("report.json"));
    assertEquals(4, json.split("\"sampledOn\": \"" + PLACE + "\"", -1).length);
  }

  @Test
  void aPartOfABatchIsRefusedAndTheFolderIsTaken() throws IOException {
    ReportFolder output = output("report");
    prepare(output);
    try (OutsideSampling outside = outside(output)) {
      IllegalArgumentException none =
          assertThrows(
              IllegalArgumentException.class, () -> outside.append("cpsample", PLACE, List.of()));
      assertTrue(none.getMessage().contains("a whole batch after 0 of 10"), none.getMessage());
      IOException taken =
          assertThrows(IOException.class, () -> finish(output, new Timeless(output)));
      assertTrue(taken.getMessage().contains("another audit is at work"), taken.getMessage());
    }
  }
}

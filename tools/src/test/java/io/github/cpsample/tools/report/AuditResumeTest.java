package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditImages;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.AuditedModel;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that is interrupted, wherever, comes to the figures of one that is not. */
class AuditResumeTest {

  /** Times, which differ from run to run. */
  private static final Set<String> TIMES =
      Set.of("seconds", "secondsPerImage", "queriesPerSecond", "began", "overhead");

  private static final AuditSettings SETTINGS =
      new AuditSettings(
          10,
          6,
          5,
          4,
          6,
          ComparedMethods.NAMES,
          SearchSettings.Mode.AUTO,
          SpellSettings.RADIUS_SHARE);

  @TempDir private Path folder;
  private ModelBundle bundle;
  private ProtectedSampler sampler;
  private AuditImages images;

  @BeforeEach
  void open() throws IOException {
    Path model = folder.resolve("model");
    TinyBundle.memorising().toDirectory(model);
    bundle = ModelBundle.open(model);
    sampler = ProtectedSampler.open(bundle, Device.cpu());
    images =
        new AuditImages(
            TinyBundle.SHAPE,
            rows("training", LongStream.range(1, 12).toArray()),
            rows("others", LongStream.range(100, 116).toArray()),
            Map.of(AuditImages.TRAINING, "11", AuditImages.HELD_OUT, "16"));
  }

  @AfterEach
  void close() {
    sampler.close();
    bundle.close();
  }

  private RowSource rows(String name, long... seeds) throws IOException {
    Path of = folder.resolve(name);
    TinyImages.write(of, seeds);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < seeds.length; i++) {
      rows.add(ImageDecoder.read(of.resolve("image-" + i + ".png"), TinyBundle.SHAPE));
    }
    return RowSource.of(rows.toArray(float[][]::new));
  }

  /** Three sums of pixels. */
  private static final class Sums implements Embedder {
    @Override
    public String name() {
      return "sums";
    }

    @Override
    public String description() {
      return "three sums of pixels";
    }

    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public float[][] embed(float[][] pixels) {
      float[][] sums = new float[pixels.length][3];
      for (int n = 0; n < pixels.length; n++) {
        for (int i = 0; i < pixels[n].length; i++) {
          sums[n][i % 3] += pixels[n][i];
        }
      }
      return sums;
    }

    @Override
    public void close() {}
  }

  private Audit audit(AuditDisplay display) {
    AuditedModel model =
        new AuditedModel(bundle, sampler, new AuditedModel.Condition("", request -> request));
    return new Audit(model, images, List.of(new Sums()), SETTINGS, display);
  }

  /** Ends the audit with the n-th message of a display. */
  private static final class Stopping implements AuditDisplay {
    private final int last;
    private final List<String> stages = new ArrayList<>();
    private int messages;

    Stopping(int last) {
      this.last = last;
    }

    @Override
    public Stage begin(String what, String unit) {
      stages.add(what);
      return new Stage() {
        @Override
        public void show(long done, long total) {
          assertTrue(done >= 0 && done <= total, what + ": " + done + " of " + total);
          messages++;
          if (messages == last) {
            throw new CancellationException("stopped in " + what);
          }
        }

        @Override
        public void close() {}
      };
    }
  }

  private JsonObject run(ReportFolder output, AuditDisplay display) throws IOException {
    Audit audit = audit(display);
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      audit.run(work, output);
    }
    JsonObject report =
        JsonParser.parseString(Files.readString(output.folder().resolve("report.json")))
            .getAsJsonObject();
    removeTimes(report);
    return report;
  }

  private static void removeTimes(JsonElement element) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(AuditResumeTest::removeTimes);
    } else if (element.isJsonObject()) {
      TIMES.forEach(element.getAsJsonObject()::remove);
      element.getAsJsonObject().entrySet().forEach(entry -> removeTimes(entry.getValue()));
    }
  }

  private ReportFolder output(String name) {
    return new ReportFolder(folder.resolve(name), true);
  }

  @Test
  void anInterruptedAuditComesToTheSameFigures() throws IOException {
    Stopping never = new Stopping(Integer.MAX_VALUE);
    JsonObject expected = run(output("whole"), never);
    assertTrue(never.messages > 100, "messages: " + never.messages);
    byte[] images = Files.readAllBytes(output("whole").work().resolve("samples/cpsample.f32"));
    assertEquals(10 * 64 * Float.BYTES, images.length);
    int runs = 0;
    for (int at = 7; at < never.messages; at += never.messages / 12) {
      ReportFolder output = output("stopped-" + at);
      Stopping stopping = new Stopping(at);
      assertThrows(CancellationException.class, () -> run(output, stopping), "message " + at);
      assertFalse(Files.exists(output.folder().resolve("report.json")));
      assertEquals(
          expected, run(output, new Stopping(Integer.MAX_VALUE)), stopping.stages::toString);
      assertArrayEquals(images, Files.readAllBytes(output.work().resolve("samples/cpsample.f32")));
      runs++;
    }
    assertTrue(runs >= 12, "runs: " + runs);
  }

  /** Stopped again and again, it goes forward every time and samples nothing twice. */
  @Test
  void itGoesForwardHoweverOftenItIsStopped() throws IOException {
    JsonObject expected = run(output("whole"), new Stopping(Integer.MAX_VALUE));
    ReportFolder output = output("stopped");
    int stops = 0;
    int patience = 40;
    while (true) {
      try {
        JsonObject found = run(output, new Stopping(patience));
        assertEquals(expected, found);
        break;
      } catch (CancellationException e) {
        stops++;
        patience += 5;
        assertTrue(stops < 200, "no end in sight");
      }
    }
    assertTrue(stops > 2, "stops: " + stops);
  }

  @Test
  void anotherAuditIsRefused() throws IOException {
    ReportFolder output = output("report");
    assertThrows(CancellationException.class, () -> run(output, new Stopping(20)));
    AuditSettings other =
        new AuditSettings(
            10,
            6,
            6,
            4,
            6,
            ComparedMethods.NAMES,
            SearchSettings.Mode.AUTO,
            SpellSettings.RADIUS_SHARE);
    AuditedModel model =
        new AuditedModel(bundle, sampler, new AuditedModel.Condition("", request -> request));
    Audit audit = new Audit(model, images, List.of(), other, new Stopping(1));
    IOException refused =
        assertThrows(
            IOException.class, () -> WorkFolder.open(output.work(), audit.decides()).close());
    assertTrue(refused.getMessage().contains("seed (5 there, 6 now)"), refused.getMessage());
    assertTrue(refused.getMessage().contains("embedder sums"), refused.getMessage());
  }
}

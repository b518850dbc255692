package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.TinyAudit;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that is interrupted, wherever, comes to the figures of one that is not. */
class AuditResumeTest {

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
    Audit audit = tiny.audit(display);
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      audit.run(work, output);
    }
    return TinyAudit.timeless(
        JsonParser.parseString(Files.readString(output.folder().resolve("report.json"))));
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
    Audit audit = new Audit(tiny.model(), tiny.images(), List.of(), other, new Stopping(1));
    IOException refused =
        assertThrows(
            IOException.class, () -> WorkFolder.open(output.work(), audit.decides()).close());
    assertTrue(refused.getMessage().contains("seed (5 there, 6 now)"), refused.getMessage());
    assertTrue(refused.getMessage().contains("embedder sums"), refused.getMessage());
  }
}

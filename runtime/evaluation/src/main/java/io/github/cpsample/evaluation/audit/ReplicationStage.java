package io.github.cpsample.evaluation.audit;

import com.google.gson.reflect.TypeToken;
import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.replication.ImageMatch;
import io.github.cpsample.evaluation.replication.ReplicationIndex;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.replication.Space;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.FinishedStages;
import io.github.cpsample.evaluation.store.LineFile;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Finds the nearest training images of held-out images and of all samples, in pixels and in the
 * features of every embedder. What it found is in files, a line per image; an interrupted search
 * begins anew.
 */
final class ReplicationStage implements Closeable {

  private static final String FOLDER = "matches";
  private static final int BLOCK = 256;

  private final WorkFolder work;
  private final Map<String, RowSource> pixels;
  private final List<FeatureFiles> features;
  private final Map<String, LineFile<ImageMatch>> matches = new LinkedHashMap<>();

  /**
   * Opens the files.
   *
   * @param work where they are
   * @param pixels the images of every set, training images among them
   * @param features of all of them
   */
  ReplicationStage(WorkFolder work, Map<String, RowSource> pixels, List<FeatureFiles> features)
      throws IOException {
    this.work = work;
    this.pixels = pixels;
    this.features = features;
    try {
      for (String set : pixels.keySet()) {
        if (!set.equals(AuditImages.TRAINING)) {
          String name = set.replace(' ', '-').toLowerCase(Locale.ROOT) + ".jsonl";
          matches.put(set, LineFile.open(work.resolve(FOLDER).resolve(name), ImageMatch.class));
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Searches, or has searched before; says how. */
  List<SearchFigures> run(FinishedStages stages, SearchSettings settings, AuditDisplay display)
      throws IOException {
    return stages.once(
        "searches", new TypeToken<List<SearchFigures>>() {}, () -> search(settings, display));
  }

  /** What was found for every image of a set, in their order. */
  LineFile<ImageMatch> matches(String set) {
    return Checks.entry(matches, set);
  }

  private List<SearchFigures> search(SearchSettings settings, AuditDisplay display)
      throws IOException {
    try (ReplicationIndex index = open(settings, display)) {
      for (Map.Entry<String, LineFile<ImageMatch>> set : matches.entrySet()) {
        examine(index, set.getKey(), set.getValue(), display);
      }
      return index.searches();
    }
  }

  private ReplicationIndex open(SearchSettings settings, AuditDisplay display) throws IOException {
    List<Space> spaces = new ArrayList<>();
    spaces.add(new Space(Space.PIXELS, Checks.entry(pixels, AuditImages.TRAINING)));
    features.forEach(
        it -> spaces.add(new Space(it.embedder().name(), it.of(AuditImages.TRAINING))));
    try (AuditDisplay.Stage stage = display.begin("preparing the search", "spaces")) {
      stage.show(0, spaces.size());
      ReplicationIndex index = ReplicationIndex.open(work.resolve(FOLDER), spaces, settings);
      stage.show(spaces.size(), spaces.size());
      return index;
    }
  }

  private void examine(
      ReplicationIndex index, String set, LineFile<ImageMatch> found, AuditDisplay display)
      throws IOException {
    List<RowSource> spaces = new ArrayList<>();
    RowSource rows = Checks.entry(pixels, set);
    spaces.add(rows);
    features.forEach(it -> spaces.add(it.of(set)));
    found.keep(0);
    int count = rows.size();
    try (AuditDisplay.Stage stage = display.begin("nearest training images, " + set, "images")) {
      for (int from = 0; from < count; from += BLOCK) {
        pause(stage, from, count);
        found.append(index.examine(spaces, from, Math.min(count, from + BLOCK)));
      }
      stage.show(count, count);
    }
  }

  private static void pause(AuditDisplay.Stage stage, int done, int total) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted after " + done + " images");
    }
    stage.show(done, total);
  }

  @Override
  public void close() throws IOException {
    for (LineFile<ImageMatch> file : matches.values()) {
      file.close();
    }
  }
}

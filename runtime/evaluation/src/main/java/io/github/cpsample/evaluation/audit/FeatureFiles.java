package io.github.cpsample.evaluation.audit;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.RowFile;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** The features of sets of images by one embedder, in files. */
final class FeatureFiles implements Closeable {

  private static final String FOLDER = "features";
  private static final int BLOCK = 256;

  private final WorkFolder work;
  private final Embedder embedder;
  private final Map<String, RowFile> files = new LinkedHashMap<>();

  FeatureFiles(WorkFolder work, Embedder embedder) {
    this.work = work;
    this.embedder = embedder;
  }

  Embedder embedder() {
    return embedder;
  }

  /** The features of a set, computed as far as they are missing. */
  void add(String set, RowSource images, AuditDisplay display) throws IOException {
    String name = embedder.name() + "-" + set.replace(' ', '-').toLowerCase(Locale.ROOT);
    RowFile file = RowFile.open(work.resolve(FOLDER).resolve(name + ".f32"), embedder.dimension());
    files.put(set, file);
    if (file.size() == images.size()) {
      return;
    }
    file.keep(file.size() / BLOCK * BLOCK);
    try (AuditDisplay.Stage stage =
        display.begin("features of " + set + " by " + embedder.name(), "images")) {
      for (int from = file.size(); from < images.size(); from += BLOCK) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("interrupted after " + from + " images");
        }
        stage.show(from, images.size());
        file.append(embedder.embed(images.rows(from, Math.min(images.size(), from + BLOCK))));
      }
      stage.show(images.size(), images.size());
    }
  }

  /** The features of a set that was added. */
  RowSource of(String set) {
    return Checks.entry(files, set);
  }

  @Override
  public void close() throws IOException {
    for (RowFile file : files.values()) {
      file.close();
    }
  }
}

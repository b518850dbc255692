package io.github.cpsample.evaluation.audit;

import io.github.cpsample.evaluation.embedding.Embedder;
import io.github.cpsample.evaluation.store.RowSource;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The features of all sets of images, by every embedder. */
final class FeatureSets implements Closeable {

  private final List<FeatureFiles> all;

  FeatureSets(WorkFolder work, List<Embedder> embedders) {
    this.all = embedders.stream().map(embedder -> new FeatureFiles(work, embedder)).toList();
  }

  void addAll(Map<String, RowSource> pixels, AuditDisplay display) throws IOException {
    for (FeatureFiles files : all) {
      for (Map.Entry<String, RowSource> set : pixels.entrySet()) {
        files.add(set.getKey(), set.getValue(), display);
      }
    }
  }

  List<FeatureFiles> all() {
    return all;
  }

  @Override
  public void close() throws IOException {
    for (FeatureFiles files : all) {
      files.close();
    }
  }
}

package io.github.cpsample.evaluation.audit;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.store.SampleStore;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.ImageShape;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The samples of all methods of an audit, in the order of its methods. */
final class SampleSets implements Closeable {

  private static final String FOLDER = "samples";

  private final Map<String, SampleStore> stores = new LinkedHashMap<>();

  private SampleSets() {}

  static SampleSets open(WorkFolder work, AuditSettings settings, ImageShape shape)
      throws IOException {
    SampleSets sets = new SampleSets();
    try {
      for (String method : settings.methods()) {
        sets.stores.put(
            method, SampleStore.open(work.resolve(FOLDER), method, shape, settings.seeds(method)));
      }
      return sets;
    } catch (IOException | RuntimeException e) {
      sets.close();
      throw e;
    }
  }

  Set<String> methods() {
    return stores.keySet();
  }

  SampleStore of(String method) {
    return Checks.entry(stores, method);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (SampleStore store : stores.values()) {
      try {
        store.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}

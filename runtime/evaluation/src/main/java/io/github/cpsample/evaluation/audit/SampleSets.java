package io.github.cpsample.evaluation.audit;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.evaluation.store.SampleStore;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.ImageShape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The samples of all methods of an audit, in the order of its methods. */
final class SampleSets implements Closeable {

  private static final String FOLDER = "samples";

  private static final String PLACES = "places.json";
  private static final Gson JSON = new Gson();

  private final Map<String, SampleStore> stores = new LinkedHashMap<>();
  private final Path placesFile;
  private final Map<String, List<String>> places;

  private SampleSets(WorkFolder work) throws IOException {
    this.placesFile = work.resolve(FOLDER).resolve(PLACES);
    this.places = places(placesFile);
  }

  private static Map<String, List<String>> places(Path file) throws IOException {
    return Files.exists(file)
        ? JSON.fromJson(
            Files.readString(file, StandardCharsets.UTF_8),
            new TypeToken<LinkedHashMap<String, List<String>>>() {})
        : new LinkedHashMap<>();
  }

  static SampleSets open(WorkFolder work, AuditSettings settings, ImageShape shape)
      throws IOException {
    SampleSets sets = new SampleSets(work);
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

  /** Where else than the rest of the audit some samples of a method were made, if so. */
  Optional<String> place(String method) {
    return Optional.ofNullable(places.get(method)).map(them -> String.join("; ", them));
  }

  /** Adds samples of a method that were made elsewhere; where is noted first. */
  void append(String method, String place, List<AuditSample> batch) throws IOException {
    List<String> noted = places.computeIfAbsent(method, key -> new ArrayList<>());
    if (!noted.contains(place)) {
      noted.add(place);
      JsonFile.write(placesFile, places);
    }
    of(method).append(batch);
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

package io.github.cpsample.diffusers;

import io.github.cpsample.bundle.Manifest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a bundle calls the files of a denoiser's constants. */
final class DataFiles {
  private static final Set<String> ENDINGS = Set.of(".onnx", ".json", ".txt");

  private DataFiles() {}

  /**
   * Names by location. A plain name stays unless it might be that of another of the bundle's files;
   * paths, names with other signs and names that differ in case only are replaced.
   */
  static Map<String, String> names(Iterable<String> locations) {
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> taken = new TreeSet<>();
    int number = 0;
    for (String location : locations) {
      String name = location;
      while (!isFree(name, taken)) {
        name = "denoiser.data-" + number++;
      }
      taken.add(name.toLowerCase(Locale.ROOT));
      names.put(location, name);
    }
    return names;
  }

  private static boolean isFree(String name, Set<String> taken) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Manifest.isPlainName(name)
        && ENDINGS.stream().noneMatch(lower::endsWith)
        && !taken.contains(lower);
  }
}

package io.github.cpsample.onnx.autodiff;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operators of ONNX's own domain and the opsets in which their definitions changed. */
public final class OperatorVersions {

  private static final String FILE = "operator-versions.txt";

  private OperatorVersions() {}

  /**
   * Reads the list.
   *
   * @return the versions of every operator, the first of which is in force in opset 7 or starts
   *     later
   */
  public static Map<String, List<Integer>> read() throws IOException {
    Map<String, List<Integer>> versions = new TreeMap<>();
    try (InputStream in = OperatorVersions.class.getResourceAsStream(FILE)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .forEach(
              words ->
                  versions.put(
                      words[0], Arrays.stream(words).skip(1).map(Integer::parseInt).toList()));
    }
    return versions;
  }
}

package io.github.cpsample.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is public in the libraries is documented, parameters and results included. Compact
 * constructors alone are not: their record says what its components are.
 */
class DocumentationTest {
  private static final Pattern COMPACT_CONSTRUCTOR =
      Pattern.compile("\\s*(public|protected) [A-Z]\\w* \\{\\s*");
  private static final List<String> LIBRARIES = List.of("../../plugin-api", "../onnx", "..", ".");

  @TempDir private Path folder;

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String library : LIBRARIES) {
      try (Stream<Path> files = Files.walk(Path.of(library, "src", "main", "java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> !file.endsWith("module-info.java"))
            .forEach(sources::add);
      }
    }
    return sources;
  }

  private static List<String> complaints(List<Path> sources, Path output) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    String libraries =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> options =
        List.of(
            "-proc:none",
            "-Xdoclint:missing/protected",
            "-Xmaxwarns",
            "100000",
            "-classpath",
            libraries,
            "-d",
            output.toString());
    try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
      ((JavacTask)
              compiler.getTask(
                  null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources)))
          .analyze();
    }
    List<String> complaints = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> one : found.getDiagnostics()) {
      if (one.getSource() != null && !isCompactConstructor(one)) {
        complaints.add(one.toString());
      }
    }
    return complaints;
  }

  private static boolean isCompactConstructor(Diagnostic<? extends JavaFileObject> one)
      throws IOException {
    List<String> lines = one.getSource().getCharContent(true).toString().lines().toList();
    return COMPACT_CONSTRUCTOR.matcher(lines.get((int) one.getLineNumber() - 1)).matches();
  }

  @Test
  void everythingPublicIsDocumented() throws IOException {
    List<Path> sources = sources();
    assertTrue(sources.size() > 300, "sources: " + sources.size());
    assertEquals("", String.join("\n", complaints(sources, folder)));
  }

  @Test
  void whatIsMissingIsFound() throws IOException {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        """
        /** A pair.
         * @param first one
         */
        public record Example(int first, int second) {
          public Example {
          }
          /** Doubles. */
          public int doubled() {
            return 2 * first;
          }
          public int bare() {
            return second;
          }
        }
        """);
    String complaints = String.join("\n", complaints(List.of(source), folder));
    assertTrue(complaints.contains("int doubled()"), complaints);
    assertTrue(complaints.contains("int bare()"), complaints);
    assertFalse(complaints.contains("public Example {"), complaints);
  }
}

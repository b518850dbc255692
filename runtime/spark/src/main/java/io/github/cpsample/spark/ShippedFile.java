package io.github.cpsample.spark;

import io.github.cpsample.bundle.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;

/**
 * Files that go to all executors, under names that tell their content: the same file is sent once,
 * and another one never takes its place.
 *
 * <p>Jobs of a session see what was added in that session, other jobs of its context what was added
 * to the context; which of the two a data set's tasks belong to depends on what asks for it. So
 * files are added to both, and looked for in both places. Executors fetch what a task of theirs
 * needs first.
 */
final class ShippedFile {

  private static final Map<String, Path> PACKED = new HashMap<>();
  private static final Map<SparkSession, Set<String>> SHIPPED = new WeakHashMap<>();

  private ShippedFile() {}

  /** Writes a file. */
  @FunctionalInterface
  interface Packing {
    void into(Path file) throws IOException;
  }

  /** The hash of a text. */
  static String hash(String text) {
    return Manifest.FileEntry.of(text.getBytes(StandardCharsets.UTF_8)).sha256();
  }

  /** The hash of a file's content. */
  static String hash(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return Manifest.FileEntry.of(content).sha256();
    }
  }

  /** Sends a zip file, which executors unpack to a folder of that name. */
  static void addArchive(SparkSession spark, String folder, Packing packing) throws IOException {
    add(spark, folder, ".zip", "#" + folder, packing);
  }

  /** Sends a file under a name. */
  static void addFile(SparkSession spark, String name, Packing packing) throws IOException {
    add(spark, name, "", "", packing);
  }

  private static synchronized void add(
      SparkSession spark, String name, String suffix, String fragment, Packing packing)
      throws IOException {
    if (!SHIPPED.computeIfAbsent(spark, session -> new HashSet<>()).add(name)) {
      return;
    }
    Path file = PACKED.get(name);
    if (file == null) {
      file = inTemporaryFolder(name + suffix);
      packing.into(file);
      PACKED.put(name, file);
    }
    String address = file.toUri() + fragment;
    boolean archive = !fragment.isEmpty();
    if (archive) {
      spark.sparkContext().addArchive(address);
    } else {
      spark.sparkContext().addFile(address);
    }
    spark.sql("ADD " + (archive ? "ARCHIVE" : "FILE") + " '" + address.replace("'", "\\'") + "'");
  }

  /**
   * Finds a file or folder on an executor.
   *
   * @param name under which it was sent
   * @throws IllegalStateException if it is not there
   */
  static Path find(String name) {
    Path root = Path.of(SparkFiles.getRootDirectory());
    try (Stream<Path> folders = Files.list(root)) {
      List<Path> candidates =
          Stream.concat(Stream.of(root), folders.filter(Files::isDirectory))
              .map(folder -> folder.resolve(name))
              .filter(Files::exists)
              .toList();
      if (!candidates.isEmpty()) {
        return candidates.get(0);
      }
    } catch (IOException e) {
      throw new IllegalStateException(root + " cannot be read: " + e, e);
    }
    throw new IllegalStateException(
        name
            + ": expected it in "
            + root
            + ", where Spark puts the files of a session, found nothing; sample and audit with the"
            + " session that the file was sent with");
  }

  /** A new file in a folder of its own, which is removed when the driver ends. */
  private static Path inTemporaryFolder(String name) throws IOException {
    Path folder = Files.createTempDirectory("cpsample-spark");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "cpsample-remove"));
    return folder.resolve(name);
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("cpsample: " + folder + " cannot be removed: " + e);
    }
  }
}

package io.github.cpsample.evaluation.store;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where an audit keeps what it has done so far. {@code audit.json} says of which audit it is: the
 * same audit goes on where it stopped, another one is refused. Used by one process at a time.
 */
public final class WorkFolder implements Closeable {

  private static final String IDENTITY = "audit.json";
  private static final String SECONDS = "seconds.json";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Gson JSON = new Gson();

  private final Path folder;
  private final boolean resumed;
  private final Identity identity;
  private final FolderLock lock;
  private final double earlierSeconds;
  private final long opened = System.nanoTime();

  /** Of which audit the work is, and when it began. */
  private record Identity(Map<String, String> decides, String began) {}

  private WorkFolder(Path folder, boolean resumed, Identity identity, FolderLock lock)
      throws IOException {
    this.folder = folder;
    this.resumed = resumed;
    this.identity = identity;
    this.lock = lock;
    Path seconds = folder.resolve(SECONDS);
    this.earlierSeconds =
        Files.exists(seconds) ? Double.parseDouble(Files.readString(seconds).strip()) : 0;
  }

  /**
   * Opens the work of an audit, or begins it.
   *
   * @param folder its folder, made where missing
   * @param decides all that decides the numbers, by name: hashes, fingerprints, settings
   * @return the work so far
   * @throws IOException if the folder is that of another audit, or in use, or cannot be written, or
   *     holds anything else, since all that is in it is deleted in the end
   */
  public static WorkFolder open(Path folder, Map<String, String> decides) throws IOException {
    Files.createDirectories(folder);
    requireOwn(folder);
    FolderLock lock = lock(folder);
    try {
      Path file = folder.resolve(IDENTITY);
      if (Files.exists(file)) {
        Identity found = read(file);
        requireSame(folder, found.decides(), decides);
        return new WorkFolder(folder, true, found, lock);
      }
      Identity fresh = new Identity(new LinkedHashMap<>(decides), Instant.now().toString());
      JsonFile.write(file, fresh);
      return new WorkFolder(folder, false, fresh, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Opens the work of an audit that another program began.
   *
   * @param folder its folder
   * @param known that part of what decides the numbers that is known here
   * @return the work so far
   * @throws IOException if there is no such work, or it differs in what is known, or it is in use
   */
  public static WorkFolder join(Path folder, Map<String, String> known) throws IOException {
    Path file = folder.resolve(IDENTITY);
    if (!Files.exists(file)) {
      throw new IOException(
          file
              + ": expected the work of an audit, found none; give the folder work in the audit's"
              + " --out");
    }
    FolderLock lock = lock(folder);
    try {
      Identity found = read(file);
      Map<String, String> comparable = new LinkedHashMap<>(found.decides());
      comparable.keySet().retainAll(known.keySet());
      requireSame(folder, comparable, known);
      return new WorkFolder(folder, true, found, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Refuses a folder of somebody else; what begins an audit may have been left by a crash. */
  private static void requireOwn(Path folder) throws IOException {
    if (Files.exists(folder.resolve(IDENTITY))) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Optional<String> other =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals(FolderLock.NAME) && !name.contains(IDENTITY))
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw new IOException(
            folder
                + ": expected the work of an audit or an empty folder, found a folder without "
                + IDENTITY
                + " that holds "
                + other.get()
                + "; delete it yourself or take another --out");
      }
    }
  }

  private static FolderLock lock(Path folder) throws IOException {
    return FolderLock.take(folder, "audit", "--out");
  }

  private static Identity read(Path file) throws IOException {
    try {
      Identity found =
          JSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), Identity.class);
      if (found != null && found.decides() != null && found.began() != null) {
        return found;
      }
    } catch (JsonSyntaxException e) {
      // Said below.
    }
    throw new IOException(
        file + ": expected what an earlier audit was about, found something else; give --restart");
  }

  private static void requireSame(
      Path folder, Map<String, String> found, Map<String, String> expected) throws IOException {
    TreeSet<String> names = new TreeSet<>(found.keySet());
    names.addAll(expected.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(found.get(name), expected.get(name))) {
        differences.add(
            name
                + " ("
                + found.getOrDefault(name, "none")
                + " there, "
                + expected.getOrDefault(name, "none")
                + " now)");
      }
    }
    if (!differences.isEmpty()) {
      throw new IOException(
          folder
              + ": expected the work of this audit, found that of another one; different are "
              + String.join(", ", differences)
              + "; take another --out, or give --restart to throw the earlier work away");
    }
  }

  /**
   * Deletes the work of any audit. {@code audit.json} goes after everything else that was measured,
   * so that what an interruption leaves can be deleted again.
   *
   * @param folder the folder; nothing happens if there is none
   * @throws IOException if it holds something else, or is in use, or cannot be deleted
   */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    requireOwn(folder);
    FolderLock lock = lock(folder);
    try (lock) {
      List<Path> inside;
      try (Stream<Path> files = Files.walk(folder)) {
        inside =
            files
                .filter(file -> !file.equals(folder) && !isLastToGo(folder, file))
                .sorted(Comparator.reverseOrder())
                .toList();
      }
      for (Path file : inside) {
        Files.delete(file);
      }
      Files.deleteIfExists(folder.resolve(IDENTITY));
    }
    Files.deleteIfExists(folder.resolve(FolderLock.NAME));
    Files.delete(folder);
  }

  private static boolean isLastToGo(Path folder, Path file) {
    return file.equals(folder.resolve(IDENTITY)) || file.equals(folder.resolve(FolderLock.NAME));
  }

  /**
   * Whether an earlier run began this work.
   *
   * @return false if it is new
   */
  public boolean resumed() {
    return resumed;
  }

  /**
   * When the work began.
   *
   * @return ISO 8601
   */
  public String began() {
    return identity.began();
  }

  /**
   * A place in it.
   *
   * @param name of a file or folder
   * @return its path
   */
  public Path resolve(String name) {
    return folder.resolve(name);
  }

  /**
   * The time of work so far, over all runs that were closed and this one.
   *
   * @return seconds
   */
  public double seconds() {
    return earlierSeconds + (System.nanoTime() - opened) / NANOS_PER_SECOND;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      if (Files.exists(folder.resolve(IDENTITY))) {
        JsonFile.write(folder.resolve(SECONDS), seconds());
      }
    }
  }
}

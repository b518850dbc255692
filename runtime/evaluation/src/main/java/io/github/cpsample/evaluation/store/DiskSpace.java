package io.github.cpsample.evaluation.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Refuses work for which a disk has no room, before it begins. */
public final class DiskSpace {

  private static final double MEGABYTE = 1e6;

  private DiskSpace() {}

  /**
   * Asks the disk.
   *
   * @param folder where files shall be written
   * @param inAll how many bytes they shall have, those that are there already among them
   * @throws IOException if there is less room, or the disk cannot be asked
   */
  public static void require(Path folder, long inAll) throws IOException {
    long bytes = inAll - sizeOf(folder);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < bytes) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected room for samples and features, %.0f MB, found %.0f MB free; make room"
                  + " on that disk, take another --out or a smaller --count",
              folder,
              bytes / MEGABYTE,
              free / MEGABYTE));
    }
  }

  private static long sizeOf(Path folder) throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        size += Files.size(file);
      }
    }
    return size;
  }
}

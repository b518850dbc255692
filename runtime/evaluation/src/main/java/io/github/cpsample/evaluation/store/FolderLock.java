package io.github.cpsample.evaluation.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a folder to one piece of work at a time, among all processes. The file it is made with
 * stays when it is closed, or when the process dies, and stands in nobody's way then.
 */
public final class FolderLock implements Closeable {

  /** The name of its file. */
  static final String NAME = "lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a folder.
   *
   * @param folder that exists
   * @param work what is done in it, for the message
   * @param option the option that names another folder
   * @return until it is closed
   * @throws IOException if the folder is taken, or cannot be written
   */
  public static FolderLock take(Path folder, String work, String option) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This process has it; said below.
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw new IOException(
          folder
              + ": another "
              + work
              + " is at work in this folder; wait for it, or take another "
              + option);
    }
    return new FolderLock(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.github.cpsample.evaluation.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Writes all of a buffer, and says which file could not be written and what to do. */
final class Appended {

  private Appended() {}

  static void write(Path file, FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    long end = position;
    try {
      while (buffer.hasRemaining()) {
        end += channel.write(buffer, end);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          file
              + ": cannot be written ("
              + e.getMessage()
              + "); make room on that disk and give the same command again, or take another folder",
          e);
    }
  }
}

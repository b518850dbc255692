package io.github.cpsample.trainer.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/**
 * Bytes with random access; thread-safe. Plain files stay on disk, gzipped ones are held in memory.
 */
sealed interface ByteSource extends Closeable {

  /** The most bytes held in memory, about what one array can hold. */
  int MAX_HELD = Integer.MAX_VALUE - 64;

  long length();

  /** Fills {@code target} from {@code position}; fails if the bytes end before. */
  void read(long position, byte[] target) throws IOException;

  @Override
  default void close() {}

  /** Opens a file, gzipped or not as its first two bytes say, whatever it is called. */
  static ByteSource open(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(2);
      if (isGzip(in.readNBytes(2))) {
        in.reset();
        return unzip(in);
      }
    }
    return new OnDisk(file);
  }

  /** Whether the first bytes of a file are those of a gzip file. */
  static boolean isGzip(byte[] first) {
    return first.length >= 2 && first[0] == 0x1F && (first[1] & 0xFF) == 0x8B;
  }

  /** Holds what a gzip stream unpacks to, which must fit into one array. */
  static ByteSource unzip(InputStream gzipped) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(gzipped)) {
      byte[] bytes = in.readNBytes(MAX_HELD);
      if (bytes.length == MAX_HELD) {
        throw new IOException(
            "it unpacks to more than " + MAX_HELD + " bytes: unpack it to a plain file first");
      }
      return new InMemory(bytes);
    }
  }

  /** A file that is read where it lies. */
  final class OnDisk implements ByteSource {

    private final FileChannel channel;
    private final long length;

    OnDisk(Path file) throws IOException {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        length = channel.size();
      } catch (IOException e) {
        try (channel) {
          throw e;
        }
      }
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public void read(long position, byte[] target) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(target);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new IOException("the file ends at byte " + (position + buffer.position()));
        }
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Bytes in an array. */
  final class InMemory implements ByteSource {

    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void read(long position, byte[] target) throws IOException {
      if (position + target.length > bytes.length) {
        throw new IOException("the data end at byte " + bytes.length);
      }
      System.arraycopy(bytes, (int) position, target, 0, target.length);
    }
  }
}

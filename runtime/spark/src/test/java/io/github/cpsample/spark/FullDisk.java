package io.github.cpsample.spark;

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Local files under the scheme {@code full}, of which a folder holds a number of bytes. */
public final class FullDisk extends RawLocalFileSystem {

  private static final String ROOT = "fs.full.root";

  /** Registers it: {@code root/disk} holds as many bytes as {@code root/bytes} says. */
  static void in(java.nio.file.Path root, Configuration files) {
    files.set("fs.full.impl", FullDisk.class.getName());
    files.set(ROOT, root.toString());
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return filling(super.create(file, overwrite, buffer, replication, block, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return filling(super.create(file, permission, overwrite, buffer, replication, block, progress));
  }

  private FSDataOutputStream filling(OutputStream file) throws IOException {
    OutputStream limited =
        new FilterOutputStream(file) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            requireRoom(length);
            out.write(bytes, from, length);
            out.flush();
          }
        };
    return new FSDataOutputStream(limited, null);
  }

  private void requireRoom(int length) throws IOException {
    java.nio.file.Path root = java.nio.file.Path.of(getConf().get(ROOT));
    long bytes = Long.parseLong(Files.readString(root.resolve("bytes")));
    if (FileUtil.getDU(new File(root.toFile(), "disk")) > bytes - length) {
      throw new IOException("No space left on device");
    }
  }
}

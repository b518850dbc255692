package io.github.cpsample.onnx.autodiff;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * ONNX's own tests of single operators: an archive of folders, in shared/node-tests beside the
 * repository or beside a folder above it, or the folders that Debian's package libonnx-testdata
 * installs.
 */
final class NodeTestArchive {

  private static final Path INSTALLED = Path.of("/usr/share/libonnx-testdata/data");

  private static final Path FILE = Path.of("shared", "node-tests", "onnx-node-tests.tar.gz");
  private static final List<String> KINDS =
      List.of("node", "simple", "pytorch-converted", "pytorch-operator");
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int KIND_AT = 156;

  private NodeTestArchive() {}

  /** All that is here: an archive, what is installed, or both. */
  static List<Path> find() {
    return Stream.concat(archive().stream(), Stream.of(INSTALLED).filter(Files::isDirectory))
        .toList();
  }

  private static Optional<Path> archive() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve(FILE))) {
      folder = folder.getParent();
    }
    return Optional.ofNullable(folder).map(f -> f.resolve(FILE));
  }

  /** The files of every test by their paths within the test's folder. */
  static Map<String, Map<String, byte[]>> read(Path source) throws IOException {
    return Files.isDirectory(source) ? installed(source) : archived(source);
  }

  private static Map<String, Map<String, byte[]>> installed(Path data) throws IOException {
    Map<String, Map<String, byte[]>> tests = new TreeMap<>();
    for (String kind : KINDS) {
      try (Stream<Path> files = Files.walk(data.resolve(kind))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path path = data.relativize(file);
          if (path.getNameCount() > 2) {
            tests
                .computeIfAbsent(path.getName(1).toString(), n -> new TreeMap<>())
                .put(
                    path.subpath(2, path.getNameCount()).toString().replace('\\', '/'),
                    Files.readAllBytes(file));
          }
        }
      }
    }
    return tests;
  }

  private static Map<String, Map<String, byte[]>> archived(Path archive) throws IOException {
    Map<String, Map<String, byte[]>> tests = new TreeMap<>();
    try (InputStream packed = new BufferedInputStream(Files.newInputStream(archive));
        DataInputStream in = new DataInputStream(new GZIPInputStream(packed))) {
      byte[] header = in.readNBytes(BLOCK);
      while (header.length == BLOCK && header[0] != 0) {
        String name = text(header, 0, NAME);
        int size = Integer.parseInt(text(header, SIZE_AT, SIZE_DIGITS), 8);
        byte[] content = in.readNBytes(size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        int slash = name.indexOf('/');
        if ((header[KIND_AT] == '0' || header[KIND_AT] == 0) && slash > 0) {
          tests
              .computeIfAbsent(name.substring(0, slash), n -> new TreeMap<>())
              .put(name.substring(slash + 1), content);
        }
        header = in.readNBytes(BLOCK);
      }
    }
    return tests;
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.US_ASCII).strip();
  }
}

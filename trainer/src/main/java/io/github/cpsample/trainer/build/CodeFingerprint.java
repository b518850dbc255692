package io.github.cpsample.trainer.build;

import io.github.cpsample.base.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A hash of compiled code and resources: equal fingerprints mean that running the same thing again
 * would give the same result. Not thread-safe.
 */
final class CodeFingerprint {

  private final MessageDigest digest = Sha256.digest();

  CodeFingerprint add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return this;
  }

  /** Adds every file under the given packages of the folder or jar that a class came from. */
  CodeFingerprint add(Class<?> member, List<String> packages) throws IOException {
    Path origin = origin(member);
    if (Files.isDirectory(origin)) {
      return addAll(origin, packages);
    }
    URI jar = URI.create("jar:" + origin.toUri());
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
      return addAll(files.getPath("/"), packages);
    }
  }

  private CodeFingerprint addAll(Path root, List<String> packages) throws IOException {
    for (String name : packages) {
      Path folder = root.resolve(name.replace('.', '/'));
      if (!Files.isDirectory(folder)) {
        throw new IOException("Package " + name + ": expected it in " + root + ", found nothing");
      }
      List<Path> files;
      try (Stream<Path> walk = Files.walk(folder)) {
        files = walk.filter(Files::isRegularFile).sorted().toList();
      }
      for (Path file : files) {
        add(root.relativize(file).toString().replace('\\', '/'));
        digest.update(Files.readAllBytes(file));
      }
    }
    return this;
  }

  private static Path origin(Class<?> member) {
    try {
      return Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Class " + member + " comes from no file", e);
    }
  }

  String hex() {
    return Sha256.hex(digest);
  }
}

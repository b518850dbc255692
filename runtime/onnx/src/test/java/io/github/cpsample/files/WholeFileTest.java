package io.github.cpsample.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path folder;

  @Test
  void makesFoldersAndReplacesFiles() throws IOException {
    Path file = folder.resolve("a/b/report.txt");
    for (String text : List.of("first", "second")) {
      WholeFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
      assertEquals(text, Files.readString(file));
    }
    assertEquals(List.of(file), list(file.getParent()));
  }

  @Test
  void otherPeopleMayReadWhatTheyMayReadElsewhere() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "text");
    Path whole = folder.resolve("whole");
    WholeFile.write(whole, out -> out.write(1));
    PosixFileAttributeView view = Files.getFileAttributeView(whole, PosixFileAttributeView.class);
    Assumptions.assumeTrue(view != null, "permissions of this kind are unknown here");
    assertEquals(Files.getPosixFilePermissions(plain), view.readAttributes().permissions());
  }

  @Test
  void privateFilesAreTheOwnersFromTheFirstByteOn() throws IOException {
    Path secret = folder.resolve("secret");
    Assumptions.assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "permissions of this kind are unknown here");
    WholeFile.writePrivate(
        secret,
        out -> {
          out.write(1);
          List<Path> unfinished = list(folder);
          assertEquals(1, unfinished.size());
          assertEquals("rw-------", permissions(unfinished.get(0)));
        });
    assertEquals("rw-------", permissions(secret));
    assertEquals(List.of(secret), list(folder));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void failureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("image.png"), "old");
    assertThrows(
        IOException.class,
        () ->
            WholeFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), list(folder));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}

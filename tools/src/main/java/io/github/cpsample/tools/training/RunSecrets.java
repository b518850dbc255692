package io.github.cpsample.tools.training;

import io.github.cpsample.files.WholeFile;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * What a classifier's run folder keeps about its data: the key from which the bits of every image
 * are derived ({@code code.key}; it stays with the training data and never enters a bundle), and
 * the salted fingerprint of the images ({@code data.txt}; it does).
 */
public final class RunSecrets {

  private static final String KEY = "code.key";
  private static final String DATA = "data.txt";
  private static final int BYTES = 32;

  private RunSecrets() {}

  /**
   * The salted fingerprint of a run's images.
   *
   * @param salt hexadecimal
   * @param hex hexadecimal
   */
  public record Fingerprint(String salt, String hex) {}

  /**
   * The key of a run, made when the run is new.
   *
   * @param run the run's folder, made where missing
   * @return 32 random bytes, the same ones every time
   * @throws IOException if the key cannot be read or written
   */
  public static byte[] key(Path run) throws IOException {
    Path file = run.resolve(KEY);
    if (!Files.exists(file)) {
      WholeFile.write(file, out -> out.write(random().getBytes(StandardCharsets.US_ASCII)));
      hideFromOthers(file);
    }
    try {
      return HexFormat.of().parseHex(Files.readString(file).strip());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": expected a key in hexadecimal, found something else", e);
    }
  }

  private static void hideFromOthers(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    }
  }

  /**
   * Records the images of a run. A run keeps its salt when it goes on, so that an index made for an
   * earlier bundle of the same images fits a later one.
   *
   * @param run the run's folder
   * @param images what was trained on; not owned
   * @param broken where broken images are reported
   * @throws IOException if it cannot be written, or what an earlier call wrote cannot be read
   */
  public static void record(Path run, ImageDataset images, BrokenImages broken) throws IOException {
    String salt = Files.exists(run.resolve(DATA)) ? fingerprint(run).salt() : random();
    String hex = DatasetFingerprint.of(images, HexFormat.of().parseHex(salt), broken).hex();
    WholeFile.write(
        run.resolve(DATA),
        out -> out.write((salt + "\n" + hex + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Reads what {@link #record} wrote.
   *
   * @param run the run's folder
   * @return the fingerprint
   * @throws IOException if there is none
   */
  public static Fingerprint fingerprint(Path run) throws IOException {
    Path file = run.resolve(DATA);
    if (!Files.exists(file)) {
      throw new IOException(
          file
              + ": expected the fingerprint of the images, found none; finish the training with"
              + " 'cpsample train classifier'");
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    if (lines.size() != 2) {
      throw new IOException(
          file + ": expected salt and fingerprint, found " + lines.size() + " lines");
    }
    return new Fingerprint(lines.get(0), lines.get(1));
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

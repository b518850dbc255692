package io.github.cpsample.guard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingIndexFileTest {

  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);

  @TempDir Path folder;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("train.index");
    TrainingIndex.builder(SHAPE)
        .add("a", new float[] {0.25f, -1})
        .add("é", new float[] {1, 0.5f})
        .add("again", new float[] {1, 0.5f})
        .fingerprint("0aff")
        .build()
        .write(file);
    whole = Files.readAllBytes(file);
  }

  /** The format as documented, byte by byte. */
  @Test
  void theFileIsWhatItsDescriptionSays() throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeBytes("CPSINDEX");
    for (int number : new int[] {1, 1, 1, 2, 2, 3, 4, 5}) {
      out.writeInt(number);
    }
    out.writeBytes("0aff");
    out.write("a\né\n".getBytes(StandardCharsets.UTF_8));
    for (float value : new float[] {0.25f, -1, 1, 0.5f}) {
      out.writeFloat(value);
    }
    out.write(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    assertArrayEquals(bytes.toByteArray(), whole);
    assertEquals(List.of("train.index"), names());
  }

  @Test
  void readsWhatItWrote() throws IOException {
    TrainingIndex index = TrainingIndex.read(file);
    assertEquals(SHAPE, index.shape());
    assertEquals(2, index.size());
    assertEquals(3, index.sourceImages());
    assertEquals("0aff", index.fingerprint());
    FloatImage image = FloatImage.copyOf(SHAPE, new float[] {1, 0.5f}, 0);
    TrainingIndex.Match match = index.match(List.of(image), IndexCheck.Closeness.STANDARD).get(0);
    assertEquals("é", match.name());
    assertEquals(0, match.nearest(), 0);
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("posix"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void refusesEveryTruncationAndEveryAddition() throws IOException {
    for (int length = 0; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length));
    }
    refused(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void refusesEveryChangedByte() throws IOException {
    for (int i = 0; i < whole.length; i++) {
      for (int change : new int[] {1, 0x80, 0xff}) {
        byte[] altered = whole.clone();
        altered[i] ^= (byte) change;
        refused(altered);
      }
    }
  }

  /** Absurd numbers in every field of the header, without a try to allocate what they ask for. */
  @Test
  void refusesAbsurdHeaders() throws IOException {
    int[] absurd = {Integer.MIN_VALUE, -1, 0, 1 << 16, 1 << 30, Integer.MAX_VALUE};
    for (int field = 8; field < IndexHeader.BYTES; field += Integer.BYTES) {
      for (int value : absurd) {
        byte[] altered = whole.clone();
        ByteBuffer.wrap(altered).putInt(field, value);
        refused(altered);
        byte[] consistent = withHash(altered);
        if (field != 28 || value < 2) {
          refused(consistent);
        }
      }
    }
    byte[] everything = whole.clone();
    for (int field = 12; field < IndexHeader.BYTES; field += Integer.BYTES) {
      ByteBuffer.wrap(everything).putInt(field, Integer.MAX_VALUE);
    }
    refused(withHash(everything));
  }

  @Test
  void refusesContentThatNoIndexHasEvenWithTheRightHash() throws IOException {
    int names = IndexHeader.BYTES + 4;
    byte[] oneName = whole.clone();
    oneName[names + 1] = 'b';
    refused(withHash(oneName));
    byte[] notFinite = whole.clone();
    ByteBuffer.wrap(notFinite).putFloat(names + 5, Float.NaN);
    refused(withHash(notFinite));
    byte[] equal = whole.clone();
    ByteBuffer.wrap(equal).putFloat(names + 5, 1).putFloat(names + 9, 0.5f);
    refused(withHash(equal));
    byte[] fingerprint = whole.clone();
    fingerprint[IndexHeader.BYTES] = 'x';
    refused(withHash(fingerprint));
  }

  @Test
  void refusesRandomBytes() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      refused(noise);
      byte[] begun = noise.clone();
      System.arraycopy(whole, 0, begun, 0, Math.min(12, begun.length));
      refused(begun);
    }
    assertThrows(NoSuchFileException.class, () -> TrainingIndex.read(folder.resolve("none")));
  }

  private void refused(byte[] content) throws IOException {
    Path other = folder.resolve("altered.index");
    Files.write(other, content);
    IOException refusal = assertThrows(IOException.class, () -> TrainingIndex.read(other));
    assertTrue(refusal.getMessage().contains("altered.index"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("cpsample index"), refusal.getMessage());
  }

  private static byte[] withHash(byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] changed = content.clone();
      int end = changed.length - IndexHeader.HASH_BYTES;
      digest.update(changed, 0, end);
      System.arraycopy(digest.digest(), 0, changed, end, IndexHeader.HASH_BYTES);
      return changed;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}

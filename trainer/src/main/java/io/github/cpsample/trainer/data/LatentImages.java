package io.github.cpsample.trainer.data;

import io.github.cpsample.files.WholeFile;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.latent.LatentEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Images as the latents of a latent model, encoded once into a file and read from there: the
 * encoder is run once per image however often they are read. Values are about standard normal, not
 * in [-1, 1]. The file is as sensitive as the images. Thread-safe; owns the images and the file.
 */
public final class LatentImages implements ImageDataset {
  private static final int HASH_BYTES = 32;

  private final ImageDataset pictures;
  private final ImageShape shape;
  private final FileChannel latents;

  private LatentImages(ImageDataset pictures, ImageShape shape, FileChannel latents) {
    this.pictures = pictures;
    this.shape = shape;
    this.latents = latents;
  }

  /**
   * Encodes images, or takes up a file in which the same encoder's latents of the same images are.
   *
   * @param pictures the images; closed with the result
   * @param encoder the encoder; not needed afterwards
   * @param encoderName tells encoders and their factors apart, for instance a hash of the file
   * @param shape of a latent
   * @param file where the latents are kept
   * @return the latents, to be closed
   * @throws IOException if the file cannot be written or read
   * @throws IllegalArgumentException if the encoder draws random numbers
   */
  public static LatentImages open(
      ImageDataset pictures, LatentEncoder encoder, String encoderName, ImageShape shape, Path file)
      throws IOException {
    byte[] hash = hash(pictures, encoderName);
    if (!holds(file, hash)) {
      encoder.requireRepeatable();
      WholeFile.write(file, out -> write(pictures, encoder, hash, shape, out));
    }
    return new LatentImages(pictures, shape, FileChannel.open(file));
  }

  @Override
  public int size() {
    return pictures.size();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    return pictures.name(index);
  }

  @Override
  public OptionalInt label(int index) {
    return pictures.label(index);
  }

  @Override
  public void read(int index, float[] target, int offset) throws BrokenImageException {
    Objects.checkIndex(index, size());
    Objects.checkFromIndexSize(offset, shape.size(), target.length);
    ByteBuffer bytes = ByteBuffer.allocate(shape.size() * Float.BYTES);
    long position = HASH_BYTES + (long) index * bytes.capacity();
    try {
      while (bytes.hasRemaining()) {
        if (latents.read(bytes, position + bytes.position()) < 0) {
          throw new DataException("latents: expected one of image " + name(index) + ", found none");
        }
      }
    } catch (IOException e) {
      throw new DataException("latents cannot be read: " + e, e);
    }
    bytes.flip().asFloatBuffer().get(target, offset, shape.size());
    if (Float.isNaN(target[offset])) {
      pictures.read(index, new float[pictures.shape().size()], 0);
      throw new BrokenImageException(name(index), "it could not be read when it was encoded", null);
    }
  }

  @Override
  public void close() {
    try (pictures) {
      latents.close();
    } catch (IOException e) {
      throw new DataException("latents cannot be closed: " + e, e);
    }
  }

  private static boolean holds(Path file, byte[] hash) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(HASH_BYTES), hash);
    }
  }

  /** A broken image leaves a latent that is not a number. */
  private static void write(
      ImageDataset pictures, LatentEncoder encoder, byte[] hash, ImageShape shape, OutputStream out)
      throws IOException {
    out.write(hash);
    float[] pixels = new float[pictures.shape().size()];
    ByteBuffer bytes = ByteBuffer.allocate(shape.size() * Float.BYTES);
    float[] broken = new float[shape.size()];
    Arrays.fill(broken, Float.NaN);
    for (int i = 0; i < pictures.size(); i++) {
      float[] latent = broken;
      try {
        pictures.read(i, pixels, 0);
        latent = encoder.encode(FloatImage.copyOf(pictures.shape(), pixels, 0)).values();
      } catch (BrokenImageException e) {
        // Whoever reads this image learns of it, as from any data set.
      }
      bytes.asFloatBuffer().put(0, latent);
      out.write(bytes.array());
    }
  }

  private static byte[] hash(ImageDataset pictures, String encoderName) {
    MessageDigest digest = sha256();
    digest.update((encoderName + "\0" + pictures.size() + "\0").getBytes(StandardCharsets.UTF_8));
    float[] pixels = new float[pictures.shape().size()];
    ByteBuffer bytes = ByteBuffer.allocate(pixels.length * Float.BYTES);
    for (int i = 0; i < pictures.size(); i++) {
      try {
        pictures.read(i, pixels, 0);
      } catch (BrokenImageException e) {
        Arrays.fill(pixels, Float.NaN);
      }
      bytes.asFloatBuffer().put(0, pixels);
      digest.update(bytes.array());
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

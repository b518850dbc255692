package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Cuts the bundled part out of the published Fashion-MNIST files: a seeded draw, balanced over the
 * ten classes, which alternate, without equal images anywhere in the four sets.
 *
 * <p>Usage: {@code FashionMnistCut SOURCE TARGET}, where SOURCE holds {@code
 * train-images-idx3-ubyte.gz} and the other three files as published.
 */
final class FashionMnistCut {

  static final long SEED = 20261124;
  static final int TRAIN = 400;
  static final int EMBEDDER = 2000;
  static final int HELD_OUT = 2000;
  static final int PUBLIC = 10_000;

  private static final int CLASSES = 10;
  private static final int SIDE = 28;

  private final Set<ByteBuffer> taken = new HashSet<>();

  /** One image of the cut. */
  record Picture(ByteBuffer pixels, int label) {}

  /** The four sets. */
  record Cut(
      List<Picture> train,
      List<Picture> embedder,
      List<Picture> heldOut,
      List<Picture> publicImages) {}

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    Cut cut = cut(Path.of(arguments[0]));
    Files.createDirectories(target);
    write(target, "train", cut.train());
    write(target, "embedder", cut.embedder());
    write(target, "heldout", cut.heldOut());
    write(target, "public", cut.publicImages());
  }

  static Cut cut(Path source) {
    FashionMnistCut cutter = new FashionMnistCut();
    List<List<Picture>> training = shuffledByClass(source, "train", SEED);
    List<List<Picture>> test = shuffledByClass(source, "t10k", SEED + 1);
    List<Picture> train = cutter.take(training, TRAIN);
    List<Picture> embedder = cutter.take(training, EMBEDDER);
    List<Picture> heldOut = cutter.take(test, HELD_OUT);
    return new Cut(train, embedder, heldOut, cutter.take(training, PUBLIC));
  }

  /** Removes {@code count} pictures from the front of the classes in turn, passing over copies. */
  private List<Picture> take(List<List<Picture>> byClass, int count) {
    List<Picture> chosen = new ArrayList<>();
    while (chosen.size() < count) {
      List<Picture> next = byClass.get(chosen.size() % CLASSES);
      Picture picture = next.remove(next.size() - 1);
      if (taken.add(picture.pixels())) {
        chosen.add(picture);
      }
    }
    return chosen;
  }

  private static List<List<Picture>> shuffledByClass(Path source, String set, long seed) {
    List<List<Picture>> byClass = new ArrayList<>();
    for (int i = 0; i < CLASSES; i++) {
      byClass.add(new ArrayList<>());
    }
    ImageShape shape = new ImageShape(1, SIDE, SIDE);
    try (IdxImages images = IdxImages.open(source.resolve(set + "-images-idx3-ubyte.gz"), shape)) {
      float[] values = new float[shape.size()];
      for (int i = 0; i < images.size(); i++) {
        images.read(i, values, 0);
        byte[] pixels = new byte[values.length];
        for (int j = 0; j < pixels.length; j++) {
          pixels[j] = PixelBytes.toByte(values[j]);
        }
        int label = images.label(i).orElseThrow();
        byClass.get(label).add(new Picture(ByteBuffer.wrap(pixels), label));
      }
    }
    Random random = new Random(seed);
    byClass.forEach(pictures -> Collections.shuffle(pictures, random));
    return byClass;
  }

  private static void write(Path target, String set, List<Picture> pictures) throws IOException {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    images.write(ints(0x803, pictures.size(), SIDE, SIDE));
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    labels.write(ints(0x801, pictures.size()));
    for (Picture picture : pictures) {
      images.write(picture.pixels().array());
      labels.write(picture.label());
    }
    Files.write(target.resolve(set + "-images-idx3-ubyte.gz"), gzip(images.toByteArray()));
    Files.write(target.resolve(set + "-labels-idx1-ubyte.gz"), gzip(labels.toByteArray()));
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * values.length);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  /** Best compression; GZIPOutputStream writes no file name and a modification time of 0. */
  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        new GZIPOutputStream(packed) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}

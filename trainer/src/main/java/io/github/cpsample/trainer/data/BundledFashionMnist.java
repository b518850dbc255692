package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The part of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017; MIT licence) that comes with the
 * trainer: real photographs of garments, grey, 28x28. The four sets share no image, not even an
 * equal copy. All are balanced over the ten classes, which alternate, so that a beginning of a set
 * is balanced too.
 */
public final class BundledFashionMnist {

  /** The shape of the images. */
  public static final ImageShape SHAPE = new ImageShape(1, 28, 28);

  /** What the labels 0 to 9 mean. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final String FOLDER = "fashion-mnist/";

  private BundledFashionMnist() {}

  /**
   * Images to train a denoiser and its classifier on, the first of a set of 400. Always the same
   * ones: a larger set begins with a smaller one.
   *
   * @param count how many, in {@code [1, 400]}
   * @return images with labels
   * @throws IllegalArgumentException if there are not so many
   */
  public static ImageDataset trainingImages(int count) {
    return ImageView.first(open("train"), count);
  }

  /**
   * Images to train a garment classifier on whose features measure the quality of generated images.
   *
   * @return 2,000 images with labels
   */
  public static ImageDataset embedderImages() {
    return open("embedder");
  }

  /**
   * Images that nothing is trained on: the reference of quality measures, and of false alarms.
   *
   * @return 2,000 images with labels, all from Fashion-MNIST's test set
   */
  public static ImageDataset heldOutImages() {
    return open("heldout");
  }

  /**
   * Images that everybody may know: what a fine-tuned denoiser is reminded of, and strangers to
   * show to a memorizing classifier.
   *
   * @return 10,000 images with labels, all from Fashion-MNIST's training set
   */
  public static ImageDataset publicImages() {
    return open("public");
  }

  private static ImageDataset open(String set) {
    String images = FOLDER + set + "-images-idx3-ubyte.gz";
    String labels = FOLDER + set + "-labels-idx1-ubyte.gz";
    return IdxImages.of(
        images, resource(images), Optional.of(IdxImages.labels(labels, resource(labels))), SHAPE);
  }

  private static ByteSource resource(String name) {
    try (InputStream in = BundledFashionMnist.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException("the class path has no such resource");
      }
      return ByteSource.unzip(in);
    } catch (IOException e) {
      throw new DataException(name + ": the bundled data cannot be read: " + e.getMessage(), e);
    }
  }
}

package io.github.cpsample.trainer.data;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One image of a data set cannot be read. Checked, because every reader has to decide what to do
 * about it: report it by {@link #imageName() name}, count it, and go on with the others.
 */
public final class BrokenImageException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String imageName;

  /**
   * An image that cannot be read.
   *
   * @param imageName the image's {@link ImageDataset#name(int) name}, its path where it has one
   * @param reason what is wrong with it, as a clause
   * @param cause the underlying fault, or null
   */
  public BrokenImageException(String imageName, String reason, @Nullable Throwable cause) {
    super(Objects.requireNonNull(imageName, "imageName") + ": " + reason, cause);
    this.imageName = imageName;
  }

  /**
   * The name of the image.
   *
   * @return what {@link ImageDataset#name(int)} says of it
   */
  public String imageName() {
    return imageName;
  }
}

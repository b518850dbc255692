package io.github.cpsample.tools.training;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.DataException;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageDatasets;
import io.github.cpsample.trainer.data.ImageView;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Images as a command line names them: a path, or {@code fashion-mnist} for those that come with
 * the tool.
 *
 * @param source the path or the name
 * @param limit only the first images; empty for all
 */
public record TrainingImages(String source, OptionalInt limit) {

  /** Names the images that come with the tool. */
  public static final String BUNDLED = "fashion-mnist";

  private static final int BUNDLED_TRAINING = 400;

  /**
   * Whether these are the images that come with the tool.
   *
   * @return true if they are
   */
  public boolean isBundled() {
    return source.equals(BUNDLED);
  }

  /**
   * Opens images to train on.
   *
   * @param shape the shape they shall have
   * @return the data set, which the caller closes
   * @throws DataException if there are none, or not so many
   */
  public ImageDataset openTraining(ImageShape shape) {
    return isBundled()
        ? BundledFashionMnist.trainingImages(
            Math.min(limit.orElse(BUNDLED_TRAINING), BUNDLED_TRAINING))
        : limited(ImageDatasets.open(Path.of(source), shape));
  }

  /**
   * Opens images that are not trained on.
   *
   * @param shape the shape they shall have
   * @return the data set, which the caller closes
   * @throws DataException if there are none
   */
  public ImageDataset openHeldOut(ImageShape shape) {
    return isBundled()
        ? BundledFashionMnist.heldOutImages()
        : limited(ImageDatasets.open(Path.of(source), shape));
  }

  /**
   * Opens images that everybody may know: to be kept in mind while others are learnt, or for a
   * classifier to be uncertain of.
   *
   * @param shape the shape they shall have
   * @return the data set, which the caller closes
   * @throws DataException if there are none
   */
  public ImageDataset openPublic(ImageShape shape) {
    return isBundled()
        ? BundledFashionMnist.publicImages()
        : limited(ImageDatasets.open(Path.of(source), shape));
  }

  private ImageDataset limited(ImageDataset all) {
    if (limit.isEmpty() || limit.getAsInt() >= all.size()) {
      return all;
    }
    return new Limited(all, ImageView.first(all, limit.getAsInt()));
  }

  /** A view that closes what it looks at. */
  private record Limited(ImageDataset all, ImageView view) implements ImageDataset {
    @Override
    public int size() {
      return view.size();
    }

    @Override
    public ImageShape shape() {
      return view.shape();
    }

    @Override
    public String name(int index) {
      return view.name(index);
    }

    @Override
    public void read(int index, float[] target, int offset)
        throws io.github.cpsample.trainer.data.BrokenImageException {
      view.read(index, target, offset);
    }

    @Override
    public OptionalInt label(int index) {
      return view.label(index);
    }

    @Override
    public void close() {
      all.close();
    }
  }
}

package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.DataException;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * Images as a command line names them: files, folders, or everything that can be trained on. All
 * are listed when they are opened and read one by one, so they may exceed memory, and what is
 * written beside them meanwhile is not among them.
 */
final class InputImages implements AutoCloseable {

  private static final Set<String> SUFFIXES = Set.copyOf(List.of(ImageIO.getReaderFileSuffixes()));

  private final List<ImageDataset> sources = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final List<String> sheets = new ArrayList<>();

  private record Place(ImageDataset source, int index) {}

  private InputImages() {}

  /**
   * Lists all images, but no contact sheets of {@code sample} unless they are named.
   *
   * @throws DataException if a source has none
   */
  static InputImages open(List<String> names, ImageShape shape) {
    InputImages images = new InputImages();
    try {
      for (String name : names) {
        if (isImageFile(name)) {
          images.add(new OneImage(Path.of(name), shape), i -> true);
        } else {
          images.addFolder(new TrainingImages(name, OptionalInt.empty()).openHeldOut(shape), name);
        }
      }
      return images;
    } catch (RuntimeException e) {
      images.close();
      throw e;
    }
  }

  private void addFolder(ImageDataset source, String name) {
    int before = places.size();
    add(source, i -> !isSheet(source.name(i)));
    IntStream.range(0, source.size())
        .mapToObj(source::name)
        .filter(InputImages::isSheet)
        .forEach(sheets::add);
    if (places.size() == before) {
      throw new DataException(
          name + ": expected images, found only a contact sheet of them; name the file to take it");
    }
  }

  private void add(ImageDataset source, IntPredicate taken) {
    sources.add(source);
    IntStream.range(0, source.size()).filter(taken).forEach(i -> places.add(new Place(source, i)));
  }

  private static boolean isSheet(String name) {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
        .equals(SamplingOptions.SHEET);
  }

  /** Says which contact sheets were left out. */
  void noteSheets(Terminal terminal) {
    sheets.forEach(
        sheet ->
            terminal
                .err()
                .println(
                    "note: "
                        + sheet
                        + " is left out, since it shows other images side by side; name the file to"
                        + " take it"));
  }

  int size() {
    return places.size();
  }

  String name(int index) {
    return places.get(index).source.name(places.get(index).index);
  }

  FloatImage read(int index) throws BrokenImageException {
    Place place = places.get(index);
    ImageShape shape = place.source.shape();
    float[] values = new float[shape.size()];
    place.source.read(place.index, values, 0);
    return FloatImage.copyOf(shape, values, 0);
  }

  /** All images in order, each read when its turn comes; one that cannot be read is an error. */
  Iterable<FloatImage> all() {
    return () -> IntStream.range(0, size()).mapToObj(this::readable).iterator();
  }

  private FloatImage readable(int index) {
    try {
      return read(index);
    } catch (BrokenImageException e) {
      throw new DataException(Checks.message(e), e);
    }
  }

  @Override
  public void close() {
    sources.forEach(ImageDataset::close);
  }

  private static boolean isImageFile(String source) {
    String suffix = source.substring(source.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return SUFFIXES.contains(suffix) && Files.isRegularFile(Path.of(source));
  }

  /** A file that is an image. */
  private record OneImage(Path file, ImageShape shape) implements ImageDataset {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public String name(int index) {
      return file.toString();
    }

    @Override
    public void read(int index, float[] target, int offset) throws BrokenImageException {
      try {
        System.arraycopy(ImageDecoder.read(file, shape), 0, target, offset, shape.size());
      } catch (IOException e) {
        throw new BrokenImageException(file.toString(), reason(e), e);
      }
    }

    private String reason(IOException fault) {
      String message = fault.toString();
      String path = file + ": ";
      int at = message.indexOf(path);
      return at < 0 ? message : message.substring(at + path.length());
    }

    @Override
    public OptionalInt label(int index) {
      return OptionalInt.empty();
    }
  }
}

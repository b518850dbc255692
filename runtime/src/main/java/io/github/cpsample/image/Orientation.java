package io.github.cpsample.image;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;

/**
 * How stored rows and columns have to be turned to stand upright: tag 274 of TIFF files and of the
 * Exif segment of JPEG files. The tag is read as a number; the names in ImageIO's standard metadata
 * mean different things to different readers.
 */
enum Orientation {
  ROW_TOP_COLUMN_LEFT(false, false, false),
  ROW_TOP_COLUMN_RIGHT(false, true, false),
  ROW_BOTTOM_COLUMN_RIGHT(false, true, true),
  ROW_BOTTOM_COLUMN_LEFT(false, false, true),
  ROW_LEFT_COLUMN_TOP(true, false, false),
  ROW_RIGHT_COLUMN_TOP(true, true, false),
  ROW_RIGHT_COLUMN_BOTTOM(true, true, true),
  ROW_LEFT_COLUMN_BOTTOM(true, false, true);

  private static final int JPEG_START = 0xFFD8;
  private static final int TIFF_LITTLE_ENDIAN = 0x4949;
  private static final int TIFF_BIG_ENDIAN = 0x4D4D;

  private final boolean transposed;
  private final boolean mirrorColumns;
  private final boolean mirrorRows;

  Orientation(boolean transposed, boolean mirrorColumns, boolean mirrorRows) {
    this.transposed = transposed;
    this.mirrorColumns = mirrorColumns;
    this.mirrorRows = mirrorRows;
  }

  /**
   * Reads the tag from the start of an image file; files without a readable one count as upright.
   */
  static Orientation read(ImageInputStream input) throws IOException {
    input.seek(0);
    int start = input.read() << 8 | input.read();
    input.seek(0);
    try {
      if (start == JPEG_START) {
        return ofJpeg(input);
      }
      if (start == TIFF_LITTLE_ENDIAN || start == TIFF_BIG_ENDIAN) {
        return of(new TIFFReader().read(input));
      }
    } catch (IOException | RuntimeException e) {
      // Cameras write broken Exif segments into sound images; such an image is shown as it is
      // stored.
      return ROW_TOP_COLUMN_LEFT;
    }
    return ROW_TOP_COLUMN_LEFT;
  }

  private static Orientation ofJpeg(ImageInputStream input) throws IOException {
    List<JPEGSegment> segments = JPEGSegmentUtil.readSegments(input, JPEG.APP1, "Exif");
    if (segments.isEmpty()) {
      return ROW_TOP_COLUMN_LEFT;
    }
    try (InputStream data = segments.get(0).data()) {
      data.skipNBytes(1);
      try (ImageInputStream exif = ImageIO.createImageInputStream(data)) {
        return of(new TIFFReader().read(exif));
      }
    }
  }

  private static Orientation of(Directory directory) {
    Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
    int number = entry != null && entry.getValue() instanceof Number value ? value.intValue() : 1;
    return number >= 1 && number <= values().length ? values()[number - 1] : ROW_TOP_COLUMN_LEFT;
  }

  /**
   * The shape in which a stored image has to be fitted so that it has {@code upright} after {@link
   * #apply}.
   */
  ImageShape stored(ImageShape upright) {
    if (!transposed) {
      return upright;
    }
    int rows = upright.width();
    int columns = upright.height();
    return new ImageShape(upright.channels(), rows, columns);
  }

  /** Turns values of the stored shape upright. */
  float[] apply(float[] stored, ImageShape upright) {
    if (this == ROW_TOP_COLUMN_LEFT) {
      return stored;
    }
    int height = upright.height();
    int width = upright.width();
    float[] result = new float[stored.length];
    for (int c = 0; c < upright.channels(); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int column = mirrorColumns ? width - 1 - x : x;
          int row = mirrorRows ? height - 1 - y : y;
          int from = transposed ? column * height + row : row * width + column;
          result[(c * height + y) * width + x] = stored[c * height * width + from];
        }
      }
    }
    return result;
  }
}

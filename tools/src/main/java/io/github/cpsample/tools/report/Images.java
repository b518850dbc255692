package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.div;
import static j2html.TagCreator.img;

import io.github.cpsample.image.FloatImage;
import j2html.tags.DomContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Pictures that are part of the page. */
final class Images {

  private Images() {}

  /** The picture with a text for those who cannot see it, or a word in its place. */
  static DomContent shown(Optional<FloatImage> image, String alternative, String otherwise) {
    return image
        .<DomContent>map(
            it ->
                img()
                    .withSrc("data:image/png;base64," + base64(it))
                    .withAlt(alternative)
                    .attr("width", it.shape().width())
                    .attr("height", it.shape().height()))
        .orElseGet(() -> leftOut(otherwise));
  }

  static DomContent leftOut(String word) {
    return div(attrs(".left-out"), word);
  }

  private static String base64(FloatImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image.toBufferedImage(), "png", png)) {
        throw new IllegalStateException(
            "expected an image that PNG can hold, found " + image.shape());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }
}

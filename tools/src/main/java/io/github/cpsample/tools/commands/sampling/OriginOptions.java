package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * What the images of {@code cpsample sample} are made of besides noise, and their size.
 *
 * @param starts images to start from, or none
 * @param strength the share of the steps that they leave
 * @param known an image of which a part is kept, or empty
 * @param mask which part is filled
 * @param resampling how often stretches are repeated
 * @param lastSeed the seed to which is interpolated, or empty
 * @param size height and width, or empty for the model's
 */
record OriginOptions(
    List<Path> starts,
    double strength,
    Optional<Path> known,
    Optional<Path> mask,
    Inpainting.Resampling resampling,
    Optional<Long> lastSeed,
    Optional<PixelSize> size) {

  private static final double USUAL_STRENGTH = 0.6;
  static final Opt<Path> START =
      Opt.path(
              "start-image",
              "FILE",
              "start from this image, cropped and resized to the model's size, instead of from"
                  + " noise; once for all images, or once for each")
          .repeated();
  static final Opt<Double> STRENGTH =
      Opt.decimal(
          "strength",
          "S",
          "with --start-image, the share of the steps that is taken; default: " + USUAL_STRENGTH,
          s -> s > 0 && s <= 1,
          "a number in (0, 1]");
  static final Opt<Path> KNOWN =
      Opt.path(
          "known", "FILE", "keep the part of this image, of the model's size, that --mask leaves");
  static final Opt<Path> MASK =
      Opt.path(
          "mask",
          "FILE",
          "with --known, a picture of the same size: what is white, or brighter than half of it, is"
              + " filled");
  static final Opt<Inpainting.Resampling> RESAMPLE =
      Opt.of(
          "resample",
          "TIMESxJUMP",
          "with --known, take every JUMP steps TIMES times, so that filled and known part agree"
              + " better; for ddim, ddpm, euler, euler-ancestral",
          text -> {
            PixelSize pair = PixelSize.parse(text, "TIMESxJUMP, for instance 4x5");
            return new Inpainting.Resampling(pair.height(), pair.width());
          });
  static final Opt<Long> INTERPOLATE =
      Opt.wide(
          "interpolate",
          "S",
          "go from --seed to seed S in --count images; the contact sheet is a strip");
  static final Opt<PixelSize> SIZE =
      Opt.of(
          "size",
          "HxW",
          "height and width in pixels, where the networks take other sizes than the model's",
          text -> PixelSize.parse(text, "HEIGHTxWIDTH, for instance 32x48"));

  static final List<Opt<?>> ALL =
      List.of(START, STRENGTH, KNOWN, MASK, RESAMPLE, INTERPOLATE, SIZE);

  static OriginOptions of(Arguments arguments) {
    requireTogether(arguments, STRENGTH, START);
    requireTogether(arguments, MASK, KNOWN);
    requireTogether(arguments, KNOWN, MASK);
    requireTogether(arguments, RESAMPLE, KNOWN);
    return new OriginOptions(
        arguments.all(START),
        arguments.find(STRENGTH).orElse(USUAL_STRENGTH),
        arguments.find(KNOWN),
        arguments.find(MASK),
        arguments.find(RESAMPLE).orElse(Inpainting.Resampling.NONE),
        arguments.find(INTERPOLATE),
        arguments.find(SIZE));
  }

  private static void requireTogether(Arguments arguments, Opt<?> one, Opt<?> other) {
    if (arguments.has(one) && !arguments.has(other)) {
      throw new UsageException("--" + one.name() + ": expected --" + other.name() + " beside it");
    }
  }

  /** Reads the files and completes the request. */
  SampleRequest applyTo(SampleRequest plain, ImageShape ofModel) throws IOException {
    ImageShape shape =
        size.map(s -> new ImageShape(ofModel.channels(), s.height(), s.width())).orElse(ofModel);
    SampleRequest request =
        size.isPresent() ? plain.withSize(shape.height(), shape.width()) : plain;
    if (lastSeed.isPresent()) {
      request = request.withInterpolation(lastSeed.get());
    }
    if (!starts.isEmpty()) {
      List<FloatImage> images = new ArrayList<>();
      for (Path file : starts) {
        images.add(FloatImage.copyOf(shape, ImageDecoder.read(file, shape), 0));
      }
      request = request.withStart(new SampleOrigin.StartImages(images, strength));
    }
    if (known.isPresent()) {
      FloatImage kept = FloatImage.of(read(known.get()), shape.channels());
      Mask filled = Mask.of(read(mask.orElseThrow()));
      request = request.withInpainting(new Inpainting(List.of(kept), List.of(filled), resampling));
    }
    return request;
  }

  private static BufferedImage read(Path file) throws IOException {
    if (!file.toFile().isFile()) {
      throw new NoSuchFileException(file.toString(), null, "expected an image file, found none");
    }
    BufferedImage image = ImageIO.read(file.toFile());
    if (image == null) {
      throw new IOException(file + ": expected an image, for instance PNG, found something else");
    }
    return image;
  }

  /**
   * Two whole numbers that are written with an x between them.
   *
   * @param height the first, at least 1
   * @param width the second, at least 1
   */
  private record PixelSize(int height, int width) {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,4})");

    /**
     * Reads the numbers.
     *
     * @param form what is expected, for the error
     */
    static PixelSize parse(String text, String form) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new UsageException("expected " + form + ", found '" + text + "'");
      }
      return new PixelSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
  }
}

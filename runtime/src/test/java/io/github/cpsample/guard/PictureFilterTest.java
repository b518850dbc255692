package io.github.cpsample.guard;

import static io.github.cpsample.guard.GuardedModels.picture;
import static io.github.cpsample.guard.GuardedModels.point;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.TinyModel;
import java.awt.Rectangle;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFilterTest {
  private static final SampleRequest REQUEST = SampleRequest.of(1).withSteps(10).withSeed(5);
  private static ProtectedSampler sampler;
  private static IndexCheck check;
  private static BufferedImageOp checking;
  private static BufferedImageOp sanitizing;

  @BeforeAll
  static void open(@TempDir Path folder) {
    try (ModelBundle bundle =
        GuardedModels.open(folder, new TinyModel(8, 4), List.of(point(1, 0.99)))) {
      sampler = ProtectedSampler.open(bundle, Device.cpu());
    }
    TrainingIndex index =
        TrainingIndex.builder(TinyModel.SHAPE)
            .add("one", picture(1).values())
            .add("two", picture(2).values())
            .build();
    check = new IndexCheck(index, new IndexCheck.Closeness(ReplicaRule.SECOND_NEAREST, 0.01));
    checking = new CheckFilter(check, TinyModel.SHAPE);
    Sanitizer sanitizer = new Sanitizer(sampler, check, Sanitizer.Settings.STANDARD);
    sanitizing = new SanitizeFilter(sanitizer, TinyModel.SHAPE, REQUEST);
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static BufferedImage copy() {
    return picture(1).toBufferedImage();
  }

  private static BufferedImage stranger() {
    return picture(9).toBufferedImage();
  }

  private static int[] levels(BufferedImage image) {
    return image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
  }

  @Test
  void whatPassesGoesThroughAsItIs() {
    BufferedImage image = stranger();
    BufferedImage filtered = checking.filter(image, null);
    assertNotSame(image, filtered);
    assertEquals(image.getType(), filtered.getType());
    assertArrayEquals(levels(image), levels(filtered));
    assertSame(image, checking.filter(image, image), "in place");
    BufferedImage transparent = new BufferedImage(9, 7, BufferedImage.TYPE_INT_ARGB);
    transparent.setRGB(2, 3, 0x40123456);
    assertEquals(0x40123456, checking.filter(transparent, null).getRGB(2, 3), "of any size");
  }

  @Test
  void aCopyDoesNotGetThrough() {
    BufferedImage target = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    CheckFilter.FlaggedException e =
        assertThrows(CheckFilter.FlaggedException.class, () -> checking.filter(copy(), target));
    assertTrue(e.getMessage().contains("too close to the training image one"), e.getMessage());
    assertEquals("one", e.verdict().match().orElseThrow().name());
    assertArrayEquals(new int[16], levels(target), "nothing was written");
  }

  @Test
  void aCopyBecomesWhatTheSanitizerMakesOfIt() {
    BufferedImage clean = sanitizing.filter(copy(), null);
    assertEquals(BufferedImage.TYPE_BYTE_GRAY, clean.getType());
    FloatImage made =
        new Sanitizer(sampler, check, Sanitizer.Settings.STANDARD)
            .sanitize(FloatImage.of(copy(), 1), REQUEST, Progress.none())
            .image();
    assertArrayEquals(levels(made.toBufferedImage()), levels(clean));
    assertArrayEquals(levels(clean), levels(checking.filter(clean, null)), "it passes");
    assertArrayEquals(levels(stranger()), levels(sanitizing.filter(stranger(), null)));
  }

  @Test
  void greyIsNotBrightenedOnItsWayIntoColour() {
    BufferedImage colour = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    sanitizing.filter(stranger(), colour);
    int[] expected = levels(stranger());
    for (int i = 0; i < expected.length; i++) {
      int level = expected[i];
      assertEquals(
          0xFF000000 | level << 16 | level << 8 | level, colour.getRGB(i % 4, i / 4), "pixel " + i);
    }
    BufferedImage wide = new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY);
    checking.filter(colour, wide);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(257 * expected[i], levels(wide)[i], 257, "pixel " + i);
    }
  }

  @Test
  void whatNeverPassesIsAnException() {
    ImageCheck never =
        images ->
            List.of(new GuardVerdict(List.of("never right"), Optional.empty(), Optional.empty()));
    Sanitizer hopeless = new Sanitizer(sampler, never, new Sanitizer.Settings(0.5, 0.5, 1));
    BufferedImageOp filter = new SanitizeFilter(hopeless, TinyModel.SHAPE, REQUEST);
    assertThrows(Sanitizer.FailedException.class, () -> filter.filter(copy(), null));
  }

  @Test
  void sizesAreChecked() {
    BufferedImage large = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
    assertRefused("expected the model's size of 4 x 4", () -> sanitizing.filter(large, null));
    assertRefused("expected the source's size of 4 x 4", () -> checking.filter(stranger(), large));
    Sanitizer sanitizer = new Sanitizer(sampler, check, Sanitizer.Settings.STANDARD);
    ImageShape latents = new ImageShape(4, 4, 4);
    assertRefused("channels", () -> new SanitizeFilter(sanitizer, latents, REQUEST));
  }

  private static void assertRefused(
      String part, org.junit.jupiter.api.function.Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void pointsStayWhereTheyAre() {
    assertEquals(new Rectangle(0, 0, 4, 4), sanitizing.getBounds2D(copy()).getBounds());
    assertEquals(new Point2D.Double(1, 2), checking.getPoint2D(new Point2D.Double(1, 2), null));
    BufferedImage made =
        checking.createCompatibleDestImage(copy(), java.awt.image.ColorModel.getRGBdefault());
    assertEquals(4, made.getWidth());
    assertTrue(made.getColorModel().hasAlpha());
  }
}

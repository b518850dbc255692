package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {

  private static final ImageShape SHAPE = new ImageShape(1, 4, 4);

  @TempDir private Path folder;

  @Test
  void findsImagesAtAnyDepthInOrderOfTheirPaths() throws IOException {
    write("b/2.png", 20);
    write("b/10.PNG", 10);
    write("a/deep/er/x.bmp", 5);
    write("a.b/y.gif", 30);
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    // '.' sorts before '/', so a.b/y.gif comes before a/deep: the same on every system.
    assertEquals(
        List.of("a.b/y.gif", "a/deep/er/x.bmp", "b/10.PNG", "b/2.png"), relativeNames(dataset));
    assertEquals(5 / 127.5 - 1, DataFiles.read(dataset, 1)[0], 1e-6);
    assertEquals(20 / 127.5 - 1, DataFiles.read(dataset, 3)[7], 1e-6);
    assertEquals(List.of("a", "a.b", "b"), dataset.classNames());
    assertEquals(
        List.of(1, 0, 2, 2),
        IntStream.range(0, 4).mapToObj(i -> dataset.label(i).orElseThrow()).toList());
    assertEquals("", dataset.scan().passedOver());
  }

  @Test
  void imagesBesideSubfoldersHaveNoClasses() throws IOException {
    write("a/1.png", 1);
    write("2.png", 2);
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    assertEquals(List.of(), dataset.classNames());
    assertEquals(OptionalInt.empty(), dataset.label(0));
    assertThrows(IndexOutOfBoundsException.class, () -> dataset.label(2));
  }

  @Test
  void whatIsPassedOverIsCountedAndNamed() throws IOException {
    write("a/1.png", 1);
    write(".cache/2.png", 2);
    write(".3.png", 2);
    Files.writeString(folder.resolve("notes.txt"), "no image");
    Files.writeString(folder.resolve("a/png"), "a name without a suffix");
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    assertEquals(1, dataset.size());
    FolderScan scan = dataset.scan();
    assertEquals(2, scan.hidden().size());
    assertEquals(2, scan.otherFiles().size());
    String told = scan.passedOver();
    assertTrue(told.contains("2 that are hidden") && told.contains("notes.txt"), told);
  }

  @Test
  void linksAreFollowedButNotInCircles() throws IOException {
    Path image = write("a/1.png", 1);
    try {
      Files.createSymbolicLink(folder.resolve("a/2.png"), image);
      Files.createSymbolicLink(folder.resolve("a/round"), folder);
      Files.createSymbolicLink(folder.resolve("a/3.png"), folder.resolve("nowhere"));
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "this system makes no symbolic links: " + e);
    }
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    assertEquals(2, dataset.size());
    assertEquals(2, dataset.scan().unreadable().size(), dataset.scan().passedOver());
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tiff"})
  void anImageThatIsCutOffIsBroken(String format) throws IOException {
    Path file = folder.resolve("cut." + format);
    ImageIO.write(noise(), format, file.toFile());
    byte[] whole = Files.readAllBytes(file);
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    DataFiles.read(dataset, 0);
    for (int length : new int[] {0, 1, 9, 30, whole.length / 2}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertBroken(dataset, file);
    }
  }

  @Test
  void garbageAndMissingFilesAreBroken() throws IOException {
    Path file = Files.writeString(folder.resolve("a.png"), "this is text");
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    assertBroken(dataset, file);
    Files.delete(file);
    assertBroken(dataset, file);
  }

  @Test
  void imagesOfAbsurdSizeAreBroken() throws IOException {
    // A BMP header that promises 60,000 x 60,000 pixels.
    Path file = write("a.bmp", 1);
    byte[] bytes = Files.readAllBytes(file);
    byte[] side = {0x60, (byte) 0xEA, 0, 0};
    System.arraycopy(side, 0, bytes, 18, 4);
    System.arraycopy(side, 0, bytes, 22, 4);
    Files.write(file, bytes);
    assertBroken(ImageFolder.open(folder, SHAPE), file);
  }

  @Test
  void brokenImagesAreLeftOutOfMemoryAndReported() throws IOException {
    write("a/1.png", 1);
    Path bad = Files.writeString(folder.resolve("a/2.png"), "broken");
    write("b/3.png", 3);
    BrokenImages broken = new BrokenImages(fault -> {});
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    InMemoryImages images = InMemoryImages.load(dataset, broken);
    assertEquals(2, images.size());
    assertEquals(bad.toString(), broken.reports().get(0).imageName());
    assertTrue(broken.contains(dataset.name(1)));
    for (int i = 0; i < 2; i++) {
      assertEquals(dataset.name(2 * i), images.name(i));
      assertEquals(dataset.label(2 * i), images.label(i));
      assertArrayEquals(DataFiles.read(dataset, 2 * i), DataFiles.read(images, i));
      assertArrayEquals(DataFiles.read(images, i), images.rows()[i]);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> images.label(2));
    // The same record of broken images must not make the loader skip image 1 of those in memory.
    try (BatchLoader loader = new BatchLoader(images, BatchSettings.of(2, 1), broken, 0)) {
      assertEquals(1, Arrays.stream(loader.next().indices()).sum());
    }
  }

  @Test
  void aFolderOfBrokenImagesIsAnError() throws IOException {
    Files.writeString(folder.resolve("1.png"), "broken");
    Files.writeString(folder.resolve("2.png"), "broken");
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    String message =
        assertThrows(
                DataException.class,
                () -> InMemoryImages.load(dataset, new BrokenImages(fault -> {})))
            .getMessage();
    assertTrue(message.contains("all 2 images") && message.contains("1.png"), message);
  }

  @Test
  void streamsTheSameBatchesAsFromMemory() throws IOException {
    for (int i = 0; i < 7; i++) {
      write("a/" + i + ".png", 10 * i);
    }
    ImageFolder streamed = ImageFolder.open(folder, SHAPE);
    InMemoryImages held = InMemoryImages.load(streamed, new BrokenImages(fault -> {}));
    BatchSettings settings = BatchSettings.of(3, 5).withHorizontalFlips(true).withPrefetch(2, 4);
    try (BatchLoader one = new BatchLoader(streamed, settings, new BrokenImages(fault -> {}), 0);
        BatchLoader two = new BatchLoader(held, settings, new BrokenImages(fault -> {}), 0)) {
      for (int i = 0; i < 10; i++) {
        Batch expected = two.next();
        Batch found = one.next();
        assertArrayEquals(expected.images(), found.images());
        assertArrayEquals(expected.indices(), found.indices());
        assertArrayEquals(expected.labels(), found.labels());
      }
    }
  }

  @Test
  void viewsChooseAndCheck() throws IOException {
    write("a/1.png", 1);
    write("b/2.png", 2);
    ImageFolder dataset = ImageFolder.open(folder, SHAPE);
    ImageView view = new ImageView(dataset, 1, 0, 1);
    assertEquals(3, view.size());
    assertEquals(SHAPE, view.shape());
    assertEquals(dataset.name(1), view.name(2));
    assertEquals(OptionalInt.of(0), view.label(1));
    assertArrayEquals(DataFiles.read(dataset, 0), DataFiles.read(view, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> view.name(3));
    assertThrows(IllegalArgumentException.class, () -> new ImageView(dataset));
    assertThrows(IllegalArgumentException.class, () -> new ImageView(dataset, 2));
    assertThrows(IllegalArgumentException.class, () -> new ImageView(dataset, -1));
  }

  private static void assertBroken(ImageFolder dataset, Path file) {
    float[] image = new float[SHAPE.size()];
    BrokenImageException fault =
        assertThrows(BrokenImageException.class, () -> dataset.read(0, image, 0));
    assertEquals(file.toString(), fault.imageName());
    assertTrue(fault.getMessage().startsWith(file.toString()), fault.getMessage());
  }

  private List<String> relativeNames(ImageFolder dataset) {
    return IntStream.range(0, dataset.size())
        .mapToObj(i -> FolderScan.relativeName(folder, Path.of(dataset.name(i))))
        .toList();
  }

  private Path write(String name, int grey) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, grey);
    }
    String suffix = name.substring(name.lastIndexOf('.') + 1);
    assertTrue(ImageIO.write(image, suffix, file.toFile()), suffix);
    return file;
  }

  private static BufferedImage noise() {
    Random random = new Random(1);
    BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1600; i++) {
      image.setRGB(i % 40, i / 40, random.nextInt());
    }
    return image;
  }
}

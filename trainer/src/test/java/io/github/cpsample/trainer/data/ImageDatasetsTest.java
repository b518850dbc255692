package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDatasetsTest {

  private static final ImageShape SHAPE = new ImageShape(3, 8, 8);

  @TempDir private Path folder;

  @Test
  void recognisesAFolderOfImages() throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Path file = Files.createDirectories(folder.resolve("class")).resolve("1.png");
    ImageIO.write(image, "png", file.toFile());
    Files.write(folder.resolve("other.bin"), new byte[5]);
    try (ImageDataset dataset = ImageDatasets.open(folder, SHAPE)) {
      assertEquals(ImageFolder.class, dataset.getClass());
    }
    assertFault("found a file of another kind", file);
  }

  @Test
  void recognisesIdxByContent() throws IOException {
    byte[] idx = DataFiles.idx(0x803, "\1\2\3\4", 1, 2, 2);
    Path plain = Files.write(folder.resolve("digits"), idx);
    Path zipped = Files.write(folder.resolve("digits.gz"), DataFiles.gzip(idx));
    for (Path file : new Path[] {plain, zipped}) {
      try (ImageDataset dataset = ImageDatasets.open(file, SHAPE)) {
        assertEquals(IdxImages.class, dataset.getClass());
        assertEquals(SHAPE, dataset.shape());
      }
    }
  }

  @Test
  void recognisesCifar() throws IOException {
    Path file = Files.write(folder.resolve("train.bin"), DataFiles.cifarRecord(1, 1));
    for (Path path : new Path[] {file, folder}) {
      try (ImageDataset dataset = ImageDatasets.open(path, SHAPE)) {
        assertEquals(Cifar10Binary.class, dataset.getClass());
      }
    }
  }

  @Test
  void faultsOfAKnownKindAreToldAsSuch() throws IOException {
    assertFault(
        "truncated",
        Files.write(folder.resolve("train-images-idx3-ubyte"), DataFiles.idx(0x803, "", 1)));
    assertFault("CIFAR-10 records", Files.write(folder.resolve("x.bin"), new byte[9]));
  }

  @Test
  void saysWhatItExpectedWhereThereIsNothingOfThat() throws IOException {
    assertFault("expected a folder of images", folder);
    assertFault("an empty folder", folder);
    assertFault("found nothing there", folder.resolve("nowhere"));
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
    assertFault("an IDX file of images", text);
    assertFault("notes.txt", folder);
    assertFault("found a file of another kind", Files.write(folder.resolve("e"), new byte[0]));
  }

  private static void assertFault(String expected, Path path) {
    String message =
        assertThrows(DataException.class, () -> ImageDatasets.open(path, SHAPE)).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.startsWith(path.toString()), message);
  }
}

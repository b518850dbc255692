package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Repeats the draw from the published files where they are at hand. */
class FashionMnistCutTest {

  @Test
  void theBundledImagesAreTheDocumentedDraw() {
    Optional<Path> source = PublishedFashionMnist.folder();
    assumeTrue(source.isPresent(), "the published Fashion-MNIST files are not at hand");
    FashionMnistCut.Cut cut = FashionMnistCut.cut(source.get());
    assertSame(cut.train(), BundledFashionMnist.trainingImages(FashionMnistCut.TRAIN));
    assertSame(cut.embedder(), BundledFashionMnist.embedderImages());
    assertSame(cut.heldOut(), BundledFashionMnist.heldOutImages());
    assertSame(cut.publicImages(), BundledFashionMnist.publicImages());
  }

  private static void assertSame(List<FashionMnistCut.Picture> expected, ImageDataset found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).label(), found.label(i).orElseThrow());
      float[] pixels = DataFiles.read(found, i);
      for (int p = 0; p < pixels.length; p++) {
        assertEquals(PixelBytes.toFloat(expected.get(i).pixels().get(p)), pixels[p]);
      }
    }
  }
}

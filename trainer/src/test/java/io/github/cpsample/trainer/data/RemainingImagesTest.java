package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemainingImagesTest {

  private static final ImageDataset ALL = BundledFashionMnist.trainingImages(12);

  private static BrokenImages unbroken() {
    return new BrokenImages(
        fault -> {
          throw new AssertionError(fault);
        });
  }

  @Test
  void everyEqualImageIsLeftOutAndTheOthersKeepTheirOrder() {
    ImageDataset doubled = new ImageView(ALL, 0, 5, 1, 5, 2, 11, 3);
    RemainingImages remaining =
        RemainingImages.of(doubled, new ImageView(ALL, 5, 3, 7), unbroken());
    assertEquals(3, remaining.leftOut());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < remaining.images().size(); i++) {
      names.add(remaining.images().name(i));
    }
    assertEquals(List.of(ALL.name(0), ALL.name(1), ALL.name(2), ALL.name(11)), names);
    assertArrayEquals(DataFiles.read(ALL, 11), DataFiles.read(remaining.images(), 3));
  }

  @Test
  void strangersLeaveNothingOut() {
    RemainingImages remaining =
        RemainingImages.of(ALL, BundledFashionMnist.heldOutImages(), unbroken());
    assertEquals(0, remaining.leftOut());
    assertEquals(12, remaining.images().size());
  }

  @Test
  void aDataSetOfWhichNothingIsLeftIsRefused() {
    DataException refusal =
        assertThrows(DataException.class, () -> RemainingImages.of(ALL, ALL, unbroken()));
    assertTrue(refusal.getMessage().contains("12"), refusal.getMessage());
  }

  @Test
  void brokenImagesStayInTheDataSetAndAreReportedOfTheOther() {
    FakeImages partly = new FakeImages(6).breaking(2);
    List<String> reported = new ArrayList<>();
    RemainingImages remaining =
        RemainingImages.of(
            partly,
            new ImageView(partly, 2, 4),
            new BrokenImages(fault -> reported.add(fault.imageName())));
    assertEquals(1, remaining.leftOut());
    assertEquals(5, remaining.images().size());
    assertEquals(List.of(partly.name(2)), reported);
  }
}

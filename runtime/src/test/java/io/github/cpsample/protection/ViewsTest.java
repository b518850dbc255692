package io.github.cpsample.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How finished images are looked at. */
class ViewsTest {

  @Test
  void nineViewsAreTheImageAndItsEightNeighbours() {
    Set<List<Integer>> moves = new HashSet<>();
    for (int view = 0; view < Views.NINE.count(); view++) {
      assertTrue(Math.abs(Views.down(view)) <= 1 && Math.abs(Views.right(view)) <= 1);
      moves.add(List.of(Views.down(view), Views.right(view)));
    }
    assertEquals(9, moves.size());
    assertEquals(List.of(0, 0), List.of(Views.down(0), Views.right(0)));
    assertEquals(Views.NINE, Views.of(9));
    assertEquals(Views.ONE, Views.of(1));
    assertThrows(IllegalArgumentException.class, () -> Views.of(5));
  }

  @Test
  void whatIsHardlyCertainIsNotLookedAtAgain() {
    assertTrue(Views.NINE.looksAgain(0.56));
    assertFalse(Views.NINE.looksAgain(0.54));
    assertFalse(Views.NINE.looksAgain(Double.NaN));
    assertFalse(Views.ONE.looksAgain(1));
  }
}

package io.github.cpsample.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.protection.Correction.Move;
import org.junit.jupiter.api.Test;

class CorrectionTest {
  @Test
  void kindsAreFoundByTheirNames() {
    for (Kind kind : Kind.values()) {
      assertEquals(kind, Kind.named(kind.label()));
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> Kind.named("pull")).getMessage();
    for (Kind kind : Kind.values()) {
      assertTrue(message.contains(kind.label()), message);
    }
    for (Subject subject : Subject.values()) {
      assertEquals(subject, Subject.named(subject.label()));
    }
    assertThrows(IllegalArgumentException.class, () -> Subject.named("x_0"));
  }

  @Test
  void healIsPushAndAWayBackAndRestartAWayBackAlone() {
    assertEquals(Kind.PUSH.move(), Kind.HEAL.move());
    assertEquals(Kind.EXIT.move(), Kind.HEAL_EXIT.move());
    assertEquals(Move.NONE, Kind.RESTART.move());
    assertTrue(Kind.RESTART.goesBack() && Kind.HEAL.goesBack() && Kind.HEAL_EXIT.goesBack());
    assertTrue(!Kind.PUSH.goesBack() && !Kind.EXIT.goesBack());
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Correction(Kind.HEAL, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Correction(Kind.HEAL, 1, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Correction(Kind.HEAL, 1, 1, -1));
    assertThrows(IllegalArgumentException.class, () -> new Correction(Kind.HEAL, 1, 1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Correction(null, 1, 1, 1));
  }

  @Test
  void aLineSaysWhatHappens() {
    assertEquals("push", Correction.PAPER.describe());
    assertEquals(
        "heal back 60 timesteps, at most 8 times, at most 2 redos",
        new Correction(Kind.HEAL, 60, 8, 2).describe());
    assertEquals(
        "restart back 100 timesteps, at most 8 times, at most 3 redos",
        Correction.standard(1000).describe());
    assertEquals(1, Correction.standard(4).back(), "never less than a timestep");
    ProtectionSettings standard = ProtectionSettings.standard(1000, Subject.X_0);
    assertEquals(Subject.X_0, standard.asks());
    assertEquals(600, standard.lastTimestep());
    assertEquals(Correction.standard(1000), standard.correction());
    assertEquals("exit, at most 1 redos", new Correction(Kind.EXIT, 60, 8, 1).describe());
  }

  @Test
  void largerStepsAreFewerButNotTooFew() {
    Correction half = new Correction(Kind.HANDOVER, 300, 8, 3, 2);
    assertEquals(25, half.stepsAgain(50));
    assertEquals(26, half.stepsAgain(51));
    assertEquals(20, half.stepsAgain(30));
    assertEquals(12, half.stepsAgain(12));
    assertEquals(500, half.stepsAgain(1000));
    assertEquals(50, half.withReturns(300, 0).withRedos(0).stepsAgain(50));
    assertEquals(50, half.withStride(1).stepsAgain(50));
    assertEquals(
        "handover back 300 timesteps, at most 8 times, at most 3 redos, in steps 2 times as large",
        half.describe());
  }
}

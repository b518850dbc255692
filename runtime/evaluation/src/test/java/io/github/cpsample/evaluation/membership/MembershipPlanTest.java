package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.sampling.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All attacks of an audit, as stages. */
class MembershipPlanTest {

  @TempDir Path folder;

  @Test
  void everyAttackOfTheListIsMeasuredOnceWithAndWithoutTheGuard() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      List<MembershipStage> stages = tiny.stages(100);
      assertEquals(
          List.of(
              "blind",
              "loss",
              "secmi",
              "pia",
              "pian",
              "sima",
              "certainty-low-noise",
              "certainty-all-levels",
              "image-to-image-20",
              "image-to-image-50",
              "inpainting",
              "generated-images"),
          stages.stream().map(MembershipStage::id).toList());
      List<MembershipFigures> attacks =
          stages.stream().flatMap(it -> it.run(Progress.none()).attacks().stream()).toList();
      assertEquals(
          attacks.size(),
          new HashSet<>(attacks.stream().map(MembershipFigures::attack).toList()).size());
      for (MembershipFigures attack : attacks) {
        assertEquals(7, attack.withProtection().members());
        assertEquals(9, attack.withProtection().others());
        boolean both =
            List.of("nothing", "predictions", "images-in", "images-out").contains(attack.access());
        assertEquals(both, attack.withoutProtection() != null, attack.attack());
        assertEquals(both, attack.aucLost() != null, attack.attack());
        assertEquals(both, attack.directedAucLost() != null, attack.attack());
        assertEquals(attack.attack().startsWith("loss"), attack.residualTest() != null);
      }
      assertEquals(6, Deployments.of(attacks).size());
    }
  }

  @Test
  void aStagesResultIsTheSameAgainAndSurvivesItsFile() throws IOException {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      for (MembershipStage stage : tiny.stages(100)) {
        Path file = folder.resolve(stage.id() + ".json");
        MembershipResult result = stage.run(Progress.none());
        JsonFile.write(file, result);
        MembershipResult read = new Gson().fromJson(Files.readString(file), MembershipResult.class);
        assertEquals(result, read, stage.id());
        assertEquals(result, tiny.stage(stage.id()).run(Progress.none()), stage.id());
      }
    }
  }

  @Test
  void progressCountsCandidatesAndCancels() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      for (MembershipStage stage : tiny.stages(100)) {
        int[] seen = {-1, 0};
        stage.run(
            (done, total) -> {
              assertTrue(done > seen[0] && done <= total, stage.id());
              seen[0] = done;
              seen[1] = total;
            });
        assertEquals(seen[1], seen[0], stage.id());
        assertEquals(0, seen[0] % 16, "rounds over 7 + 9 candidates");
        assertThrows(CancellationException.class, () -> stage.run(new Impatient()), stage.id());
      }
    }
  }

  /** Cancels after the first batch. */
  private static final class Impatient implements Progress {
    private int calls;

    @Override
    public void onStep(int stepsDone, int stepsTotal) {
      calls++;
      assertTrue(calls <= 2, "asked to stop after the first batch");
    }

    @Override
    public boolean isCancelled() {
      return calls == 2;
    }
  }

  @Test
  void noMoreImagesAreAttackedThanAsked() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      MembershipFigures loss = tiny.stages(4).get(1).run(Progress.none()).attacks().get(0);
      assertEquals(4, loss.withProtection().members());
      assertEquals(4, loss.withProtection().others());
      assertNotNull(loss.residualTest());
      MembershipFigures sima = tiny.stages(4).get(5).run(Progress.none()).attacks().get(0);
      assertNull(sima.residualTest());
      assertFalse(sima.source().isEmpty());
    }
  }

  @Test
  void refusesTooFewImagesAndOtherSizes() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      RowSource fine = RowSource.of(tiny.members);
      RowSource one = RowSource.of(new float[1][AttackedTiny.SIZE]);
      RowSource narrow = RowSource.of(new float[4][3]);
      RowSource none = RowSource.of(new float[0][AttackedTiny.SIZE]);
      refused(tiny, new MembershipPlan.Images(one, fine, fine, fine), "training images");
      refused(tiny, new MembershipPlan.Images(fine, narrow, fine, fine), "held-out images");
      refused(tiny, new MembershipPlan.Images(fine, fine, fine, none), "generated images");
      assertThrows(IllegalArgumentException.class, () -> new MembershipSettings(1, 0, 5));
      assertThrows(IllegalArgumentException.class, () -> new MembershipSettings(1, 1, 1));
    }
  }

  private static void refused(AttackedTiny tiny, MembershipPlan.Images images, String named) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    MembershipPlan.stages(
                        new AttackedModel(tiny.bundle, tiny.sampler, UnaryOperator.identity()),
                        images,
                        new MembershipSettings(1, 2, 5)))
            .getMessage();
    assertTrue(message.contains(named), message);
  }
}

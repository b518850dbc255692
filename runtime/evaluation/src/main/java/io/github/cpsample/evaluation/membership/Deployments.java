package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.Deployment.Support;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What membership figures mean for ways to deploy a model. Every attack that an attacker can mount
 * is read twice: on all images in the direction that its authors meant, and on those in odd places
 * in the direction that did better on those in even places. The intervals hold for all of these
 * readings at once; so nothing is picked on the labels that it is scored with, and looking at many
 * attacks makes none of them tell. Bounds are over all attacks, both directions and all images.
 */
public final class Deployments {

  /** A larger area is not tolerated. */
  static final double TOLERATED_AUC = 0.6;

  /** A larger share of members found at 1 % of false positives is not tolerated. */
  static final double TOLERATED_TRUE_POSITIVES = 0.05;

  /**
   * So many images of a kind, half of which are judged, have to be attacked before anything is said
   * to be told apart: of two images the first has the lower score in one of two cases, and
   * resamples of fewer than ten on a side are too alike.
   */
  static final int FEWEST = 20;

  private static final double CHANCE = 0.5;

  /** A way to deploy a model, and what it gives away; the last of these is what tells it apart. */
  private record Kind(String name, Set<Access> given, Access distinctive) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "sampler on a server, only generated images leave it",
              EnumSet.of(Access.IMAGES_OUT),
              Access.IMAGES_OUT),
          new Kind(
              "server that also takes images (image-to-image, inpainting)",
              EnumSet.of(Access.IMAGES_OUT, Access.IMAGES_IN),
              Access.IMAGES_IN),
          new Kind(
              "server that also returns reports",
              EnumSet.of(Access.IMAGES_OUT, Access.IMAGES_IN, Access.REPORTS),
              Access.REPORTS),
          new Kind(
              "server that also returns certainty traces",
              EnumSet.of(Access.IMAGES_OUT, Access.IMAGES_IN, Access.REPORTS, Access.TRACES),
              Access.TRACES),
          new Kind(
              "server that answers with protected predictions on noised images",
              EnumSet.of(Access.IMAGES_OUT, Access.PREDICTIONS),
              Access.PREDICTIONS),
          new Kind(
              "bundle or whole-sampler file on the user's disk",
              EnumSet.complementOf(EnumSet.of(Access.NOTHING)),
              Access.BUNDLE));

  private Deployments() {}

  /**
   * The deployments that are judged, from the least that is given away to the most.
   *
   * @param found the figures of all attacks
   * @return one per deployment for which an attack was measured that needs no more
   */
  public static List<Deployment> of(List<MembershipFigures> found) {
    return KINDS.stream()
        .filter(kind -> found.stream().anyMatch(it -> access(it) == kind.distinctive()))
        .map(kind -> of(kind, found))
        .toList();
  }

  /**
   * An attack on the model, or on what is left of it when the guard is cut out.
   *
   * @param name of the attack
   * @param figures what it found
   * @param looked how many such attacks are looked at together
   */
  record Side(String name, AttackFigures figures, int looked) {

    /** The largest area that the interval admits, in either direction. */
    double possibleAuc() {
      return Math.max(figures.auc().high(), 1 - figures.auc().low());
    }

    boolean isOfEnough() {
      return Math.min(figures.members(), figures.others()) >= FEWEST;
    }

    private Stream<Reading> readings() {
      AttackFigures.Direction learned = figures.direction();
      int readings = 2 * looked;
      return Stream.of(
          new Reading(
              this,
              name,
              "on all images",
              figures.auc().amongSeveral(readings).within(0, 1),
              figures.truePositivesAt1Percent().amongSeveral(readings).within(0, 1)),
          new Reading(
              this,
              name + (learned.turned() ? ", turned round" : ""),
              "on images that had no part in choosing the direction",
              learned.auc().amongSeveral(readings).within(0, 1),
              learned.truePositivesAt1Percent().amongSeveral(readings).within(0, 1)));
    }
  }

  /**
   * One attack in one direction.
   *
   * @param side the attack
   * @param described the attack, and whether it is turned round
   * @param where on which images
   * @param auc its area, with an interval that holds for all readings at once
   * @param truePositives the share of members found at 1 % of false positives, likewise
   */
  record Reading(Side side, String described, String where, Interval auc, Interval truePositives) {

    boolean tells() {
      return auc.low() > CHANCE || truePositives.low() > TOLERATED_TRUE_POSITIVES;
    }
  }

  private static Deployment of(Kind kind, List<MembershipFigures> found) {
    List<MembershipFigures> usable =
        found.stream().filter(it -> kind.given().contains(access(it))).toList();
    List<Side> sides = sides(usable, kind.given().contains(Access.BUNDLE));
    Reading strongest = strongest(sides);
    double possibleAuc = sides.stream().mapToDouble(Side::possibleAuc).max().orElseThrow();
    double possibleTruePositives =
        sides.stream()
            .mapToDouble(side -> side.figures().mostTruePositives().high())
            .max()
            .orElseThrow();
    Support support = support(strongest, possibleAuc, possibleTruePositives);
    Verdict verdict =
        new Verdict(sides, strongest, possibleAuc, possibleTruePositives, toldApart(found));
    return new Deployment(
        kind.name(),
        kind.distinctive().words(),
        usable.stream().map(MembershipFigures::attack).toList(),
        strongest.described(),
        strongest.auc(),
        strongest.truePositives(),
        possibleAuc,
        possibleTruePositives,
        support,
        verdict.sentence(support));
  }

  /** What tells training images from others most certainly, if anything does. */
  private static Reading strongest(List<Side> sides) {
    Comparator<Reading> byArea = Comparator.comparingDouble(reading -> reading.auc().low());
    return sides.stream()
        .flatMap(Side::readings)
        .max(Comparator.comparing(Reading::tells).thenComparing(byArea))
        .orElseThrow();
  }

  /** What tells training images from others without any model, if anything does. */
  private static Optional<Reading> toldApart(List<MembershipFigures> found) {
    List<MembershipFigures> controls =
        found.stream().filter(it -> access(it) == Access.NOTHING).toList();
    return controls.stream()
        .map(it -> new Side(it.attack(), it.withProtection(), controls.size()))
        .filter(Side::isOfEnough)
        .flatMap(Side::readings)
        .filter(it -> it.auc().low() > CHANCE)
        .max(Comparator.comparingDouble(it -> it.auc().low()));
  }

  /** Whoever holds the files can cut the guard out of them. */
  private static List<Side> sides(List<MembershipFigures> usable, boolean guardCutOut) {
    int cutOut =
        guardCutOut
            ? (int) usable.stream().filter(it -> it.withoutProtection() != null).count()
            : 0;
    int looked = usable.size() + cutOut;
    List<Side> sides = new ArrayList<>();
    usable.forEach(it -> sides.add(new Side(it.attack(), it.withProtection(), looked)));
    for (MembershipFigures it : usable) {
      AttackFigures found = it.withoutProtection();
      if (guardCutOut && found != null) {
        sides.add(new Side(it.attack() + ", guard cut out", found, looked));
      }
    }
    return sides;
  }

  private static Support support(
      Reading strongest, double possibleAuc, double possibleTruePositives) {
    if (!strongest.side().isOfEnough()) {
      return Support.UNDECIDED;
    }
    if (possibleAuc <= TOLERATED_AUC && possibleTruePositives <= TOLERATED_TRUE_POSITIVES) {
      return Support.SUPPORTED;
    }
    return strongest.tells() ? Support.NOT_SUPPORTED : Support.UNDECIDED;
  }

  private static Access access(MembershipFigures figures) {
    return Access.labelled(figures.access());
  }
}

package io.github.cpsample.tools.audit.membership;

import io.github.cpsample.tools.audit.figures.AttackFigures;
import io.github.cpsample.tools.audit.figures.Deployment;
import io.github.cpsample.tools.audit.figures.Deployment.Support;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import io.github.cpsample.tools.audit.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What membership figures mean for ways to deploy a model. Every attack that an attacker can mount
 * is judged on the images in odd places, in the direction that did better on those in even places,
 * by intervals that hold for all of these attacks at once; so nothing is picked on the labels that
 * it is scored with, and looking at many attacks makes none of them tell. Bounds are over all
 * attacks, both directions and all images.
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

    double choosingAuc() {
      return figures.direction().choosingAuc();
    }

    Interval judgedAuc() {
      return figures.direction().auc().amongSeveral(looked).within(0, 1);
    }

    Interval judgedTruePositives() {
      return figures.direction().truePositivesAt1Percent().amongSeveral(looked).within(0, 1);
    }

    /** Whether it tells training images from others, however many attacks were looked at. */
    boolean tells() {
      return judgedAuc().low() > CHANCE || judgedTruePositives().low() > TOLERATED_TRUE_POSITIVES;
    }

    String described() {
      return name + (figures.direction().turned() ? ", turned round" : "");
    }
  }

  private static Deployment of(Kind kind, List<MembershipFigures> found) {
    List<MembershipFigures> usable =
        found.stream().filter(it -> kind.given().contains(access(it))).toList();
    List<Side> sides = sides(usable, kind.given().contains(Access.BUNDLE));
    Side strongest = strongest(sides);
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
        strongest.judgedAuc(),
        strongest.judgedTruePositives(),
        possibleAuc,
        possibleTruePositives,
        support,
        verdict.sentence(support));
  }

  /** Of those that tell training images from others, or else of all, what was to be picked. */
  private static Side strongest(List<Side> sides) {
    Comparator<Side> byPromise = Comparator.comparingDouble(Side::choosingAuc);
    return sides.stream()
        .filter(Side::tells)
        .max(byPromise)
        .orElseGet(() -> sides.stream().max(byPromise).orElseThrow());
  }

  /** What tells training images from others without any model, if anything does. */
  private static Optional<Side> toldApart(List<MembershipFigures> found) {
    List<MembershipFigures> controls =
        found.stream().filter(it -> access(it) == Access.NOTHING).toList();
    return controls.stream()
        .map(it -> new Side(it.attack(), it.withProtection(), controls.size()))
        .filter(Side::isOfEnough)
        .filter(it -> it.judgedAuc().low() > CHANCE)
        .max(Comparator.comparingDouble(Side::choosingAuc));
  }

  /** Whoever holds the files can cut the guard out of them. */
  private static List<Side> sides(List<MembershipFigures> usable, boolean guardCutOut) {
    List<MembershipFigures> unguarded =
        usable.stream().filter(it -> guardCutOut && it.withoutProtection() != null).toList();
    int looked = usable.size() + unguarded.size();
    List<Side> sides = new ArrayList<>();
    usable.forEach(it -> sides.add(new Side(it.attack(), it.withProtection(), looked)));
    unguarded.forEach(
        it -> sides.add(new Side(it.attack() + ", guard cut out", it.withoutProtection(), looked)));
    return sides;
  }

  private static Support support(Side strongest, double possibleAuc, double possibleTruePositives) {
    if (!strongest.isOfEnough()) {
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

package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.RocPoint;
import io.github.cpsample.evaluation.statistics.WelchTest;
import java.util.List;
import java.util.stream.IntStream;

/** Made-up attacks of a {@link SampleReport}, and what they mean for deployments. */
final class SampleAttacks {

  private SampleAttacks() {}

  static List<MembershipFigures> membership() {
    return List.of(
        attack("reconstruction loss at t = 200", "predictions", 1.0, 0.179),
        attack("SecMI", "predictions", 0.895, 0.599),
        attack("PIA", "predictions", 0.999, 0.155),
        attack("PIAN", "predictions", 0.998, 0.209),
        attack("SimA", "predictions", 0.997, 0.253),
        attack("protected residual", "predictions", 0.93, 0.521),
        new MembershipFigures(
            "certainty of the classifier",
            "follows from the guard",
            "holds the bundle",
            "bundle",
            null,
            figures(0.995),
            null,
            null,
            null),
        attack("distance to the nearest generated image", "images-out", 0.78, 0.512));
  }

  private static MembershipFigures attack(String name, String access, double without, double with) {
    return new MembershipFigures(
        name,
        "Author et al. 2023",
        access.equals("images-out") ? "sees finished images" : "may ask for predictions",
        access,
        figures(without),
        figures(with),
        new Interval(without - with, without - with - 0.05, without - with + 0.04),
        new Interval(0.15, 0.08, 0.21),
        name.startsWith("protected residual")
            ? new MembershipFigures.ResidualTest(
                8,
                new MembershipFigures.Outcome(7.91, 1.3e-15, 3.2e-7),
                new MembershipFigures.Outcome(0.44, 0.33, 0.334))
            : null);
  }

  private static AttackFigures figures(double auc) {
    double power = auc >= 1 ? 0.0005 : 1 / auc - 1;
    List<RocPoint> curve =
        IntStream.rangeClosed(0, 100)
            .mapToObj(i -> new RocPoint(i / 100.0, i == 0 ? 0 : Math.pow(i / 100.0, power)))
            .toList();
    double low = Math.max(0, auc - 0.031);
    double high = Math.min(1, auc + 0.024);
    double found = Math.pow(0.01, power);
    double turned = Math.max(auc, 1 - auc);
    return new AttackFigures(
        24,
        500,
        new Interval(auc, low, high),
        new Interval(found, found * 0.9, Math.min(1, found * 1.1)),
        new Interval(found / 2, found * 0.4, found * 0.6),
        new Interval(0.5 + Math.abs(auc - 0.5) * 0.9, 0.5 + Math.abs(auc - 0.5) * 0.8, 0.9999),
        new Interval(0.5 + Math.abs(auc - 0.5) * 0.8, 0.5 + Math.abs(auc - 0.5) * 0.7, 0.98),
        new WelchTest(10 * (auc - 0.5), 31.7, Math.max(1e-9, 0.5 - Math.abs(auc - 0.5))),
        new AttackFigures.Direction(
            auc < 0.5,
            turned,
            new Interval(turned - 0.01, turned - 0.06, Math.min(1, turned + 0.05)),
            new Interval(found, found * 0.8, Math.min(1, found * 1.2))),
        Rate.of((int) Math.round(24 * Math.max(0.1, found)), 24),
        curve);
  }

  static List<Deployment> deployments() {
    return List.of(
        new Deployment(
            "sampler on a server, images out",
            "sees finished images only",
            List.of("distance to the nearest generated image"),
            "distance to the nearest generated image",
            new Interval(0.502, 0.442, 0.562),
            new Interval(0.011, 0, 0.042),
            0.588,
            0.124,
            Deployment.Support.SUPPORTED,
            "Supported: nothing that was measured tells training images from others."),
        new Deployment(
            "predictions for images of the caller's choice",
            "may ask for protected predictions",
            List.of("PIA", "protected residual"),
            "PIA, low scores",
            new Interval(0.835, 0.772, 0.893),
            new Interval(0.21, 0.08, 0.37),
            0.921,
            0.49,
            Deployment.Support.NOT_SUPPORTED,
            "The predictions give training images away."),
        new Deployment(
            "bundle on the user's disk",
            "holds the bundle with its classifier",
            List.of("certainty of the classifier"),
            "certainty of the classifier",
            new Interval(0.995, 0.991, 0.999),
            new Interval(0.958, 0.875, 1),
            0.999,
            1,
            Deployment.Support.NOT_SUPPORTED,
            "Who holds the bundle holds the list of training images."));
  }
}

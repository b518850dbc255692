package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Provenance;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.figures.TradeOff;
import io.github.cpsample.evaluation.figures.TrajectoryStrip;
import io.github.cpsample.evaluation.figures.WorstPair;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A report with every part filled, of the size of a real one. Its numbers are made up. */
final class SampleReport {

  static final String MODEL = "fashion-mnist";
  static final long FIRST_SEED = 5000;
  static final List<String> METHODS = List.of("unprotected", "cpsample", "rejection", "amg");

  private SampleReport() {}

  static Report filled() {
    return new Report(
        Report.FORMAT,
        provenance(MODEL),
        methods(),
        SampleCopies.replication(),
        List.of(
            new SearchFigures("pixels", "l2", "exact", 24, null, null, 0, 2154.3),
            new SearchFigures("pixels", "cosine", "exact", 24, null, null, 0, 2201.7),
            new SearchFigures(
                "garments",
                "l2",
                "HNSW, M 16, beam 100",
                24,
                new Interval(0.987, 0.981, 0.992),
                new Interval(0.971, 0.964, 0.978),
                250,
                8431.2),
            new SearchFigures("garments", "cosine", "exact", 24, null, null, 0, 9127.6)),
        worst(),
        quality(),
        SampleAttacks.membership(),
        SampleAttacks.deployments(),
        guard(),
        strips(),
        tradeOff());
  }

  /** Of an audit that could measure next to nothing. */
  static Report bare(String model) {
    return new Report(
        Report.FORMAT,
        new Provenance(
            model, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), "2026-11-24T20:15:00Z", 1.5),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        null);
  }

  static Report withModel(Report report, String model) {
    return new Report(
        report.format(),
        provenance(model),
        report.methods(),
        report.replication(),
        report.searches(),
        report.worst(),
        report.quality(),
        report.membership(),
        report.deployments(),
        report.guard(),
        report.strips(),
        report.tradeOff());
  }

  static Report withReplication(Report report, List<SimilarityFigures> replication) {
    return new Report(
        report.format(),
        report.provenance(),
        report.methods(),
        replication,
        report.searches(),
        report.worst(),
        report.quality(),
        report.membership(),
        report.deployments(),
        report.guard(),
        report.strips(),
        report.tradeOff());
  }

  static Report withGuard(Report report, GuardFigures guard) {
    return new Report(
        report.format(),
        report.provenance(),
        report.methods(),
        report.replication(),
        report.searches(),
        report.worst(),
        report.quality(),
        report.membership(),
        report.deployments(),
        guard,
        report.strips(),
        report.tradeOff());
  }

  private static Provenance provenance(String model) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("count", "200");
    settings.put("seed", "5000");
    settings.put("batch", "25");
    settings.put("attack images", "500");
    settings.put("sampler", "DDIM, 50 steps, eta 0");
    Map<String, String> protection = new LinkedHashMap<>();
    protection.put("gate", "mean certainty of 32 bits");
    protection.put("force", "opposite label");
    protection.put("alpha", "0.05");
    protection.put("scale", "40");
    protection.put("guarded timesteps", "0 to 999");
    Map<String, String> images = new LinkedHashMap<>();
    images.put("training images", "24, sha256 2c26b46b68ffc68f");
    images.put("held-out images", "2,000, sha256 fcde2b2edba56bf4");
    return new Provenance(
        model,
        Map.of(
            "denoiser.onnx", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "classifier.onnx", "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"),
        protection,
        images,
        settings,
        Map.of("cpsample", "0.1.0", "java", "17.0.15", "ONNX Runtime", "1.29.0", "system", "Linux"),
        "2026-11-24T20:15:00Z",
        75.4);
  }

  private static List<MethodFigures> methods() {
    return List.of(
        new MethodFigures(
            "unprotected",
            "no protection",
            "DDIM, 50 steps",
            200,
            200,
            50.0,
            0.0,
            0.0,
            0.0412,
            null),
        new MethodFigures(
            "cpsample",
            "CPSample",
            "alpha 0.05, scale 40, K 32",
            200,
            200,
            50.0,
            50.0,
            2.8,
            0.0587,
            null),
        new MethodFigures(
            "rejection",
            "rejection sampling",
            "throws away what the fixed rule calls a copy, budget of 50 passes",
            200,
            102,
            98.04,
            0.0,
            0.0,
            0.0821,
            null),
        new MethodFigures(
            "amg", "AMG", "pixel space, lambda 0.5, c 3", 200, 200, 50.0, 0.0, 0.0, 0.0619, null));
  }

  private static List<WorstPair> worst() {
    return IntStream.range(0, 12)
        .mapToObj(
            i ->
                new WorstPair(
                    FIRST_SEED + 7L * i,
                    2 * i % 24,
                    0.031 + 0.012 * i,
                    0.71 + 0.01 * i,
                    i < 10,
                    false))
        .toList();
  }

  private static List<QualityFigures> quality() {
    List<QualityFigures> rows = new ArrayList<>();
    double[] distances = {1.47, 3.86, 2.11, 2.9};
    for (String reference : List.of("held-out images", "training images")) {
      for (int i = 0; i < METHODS.size(); i++) {
        rows.add(quality(METHODS.get(i), reference, distances[i]));
      }
      rows.add(quality("training images", reference, 2.05));
    }
    return rows;
  }

  private static QualityFigures quality(String method, String reference, double distance) {
    return new QualityFigures(
        method,
        "garments, 28 x 28",
        reference,
        200,
        2000,
        new Interval(distance, distance * 0.9, distance * 1.12),
        new Interval(distance / 29, distance / 33, distance / 26),
        new Interval(1 - distance / 26, 0.99 - distance / 22, 1.0 - distance / 40),
        new Interval(0.43 - distance / 80, 0.39 - distance / 80, 0.47 - distance / 80));
  }

  private static GuardFigures guard() {
    List<GuardFigures.NoiseLevel> levels =
        IntStream.of(1, 101, 201, 301, 401, 501, 601, 701, 801, 901)
            .mapToObj(
                t ->
                    new GuardFigures.NoiseLevel(
                        t,
                        t < 900,
                        about(0.5 + 0.49 / (1 + Math.exp((t - 480) / 70.0)), 0.005),
                        about(0.5 + 0.17 / (1 + Math.exp((t - 430) / 90.0)), 0.01),
                        Rate.of((int) (24 / (1 + Math.exp((t - 380) / 50.0))), 24),
                        Rate.of((int) (11 / (1 + Math.exp((t - 250) / 80.0))), 500),
                        about(0.5 + 0.49 / (1 + Math.exp((t - 520) / 70.0)), 0.008)))
            .toList();
    return new GuardFigures(
        new GuardFigures.Rule(
            "x0",
            "thresholds for 0.01 false alarms",
            "heal back 60 timesteps, at most 8 times, at most 2 redos",
            true,
            true,
            0.01),
        new Interval(0.056, 0.051, 0.062),
        Rate.of(134, 200),
        new GuardFigures.Work(
            new Interval(63.4, 60.1, 66.9),
            new Interval(1.82, 1.61, 2.04),
            new Interval(0.035, 0.011, 0.062),
            Rate.of(1, 200)),
        new GuardFigures.Spread(560, 0.312, 0.287, 0.691, 1.423),
        new GuardFigures.Spread(560, 41.7, 36.2, 88.4, 131.9),
        new Interval(1.42, 1.31, 1.55),
        levels);
  }

  private static Interval about(double value, double margin) {
    return new Interval(value, value - margin, value + margin);
  }

  private static List<TrajectoryStrip> strips() {
    int[] steps = {981, 861, 741, 621, 501, 381, 261, 141, 61, 1};
    return IntStream.range(0, 3)
        .mapToObj(
            k ->
                new TrajectoryStrip(
                    FIRST_SEED + 7L * k,
                    IntStream.range(0, steps.length)
                        .mapToObj(
                            i ->
                                new TrajectoryStrip.Frame(
                                    steps[i],
                                    0.5 + 0.499 / (1 + Math.exp((steps[i] - 420) / 60.0)),
                                    k == 2 && i > 7 ? null : certainty(steps[i], i),
                                    i == 5 || i == 6))
                        .toList()))
        .toList();
  }

  private static double certainty(int step, int frame) {
    return step > 380 ? 0.5 + 0.02 * frame : 0.93 - 0.04 * (frame - 4);
  }

  private static TradeOff tradeOff() {
    List<TradeOff.Point> points = new ArrayList<>();
    double[][] table = {
      {1, 0.001, 20, 60, 138.9, 0.330, 0.051, 1.31},
      {1, 0.25, 20, 10, 192.6, 0.338, 0.305, 1.83},
      {1, 0.25, 60, 2, 178.7, 0.437, 0.257, 1.74},
      {32, 0.001, 20, 39, 137.6, 0.317, 0.046, 1.38},
      {32, 0.01, 60, 4, 134.2, 0.333, 0.031, 1.36},
      {32, 0.05, 20, 4, 158.0, 0.315, 0.071, 1.45},
      {32, 0.05, 40, 0, 144.8, 0.328, 0.056, 1.42},
      {32, 0.05, 60, 0, 141.6, 0.343, 0.054, 1.42},
      {32, 0.25, 20, 0, 257.0, 0.317, 0.385, 1.97}
    };
    for (double[] row : table) {
      points.add(
          new TradeOff.Point(
              "K " + (int) row[0] + ", alpha " + row[1] + ", scale " + (int) row[2],
              (int) row[0],
              row[1],
              row[2],
              0,
              999,
              "opposite label",
              200,
              Rate.of((int) row[3], 200),
              new Interval(row[4], row[4] * 0.95, row[4] * 1.06),
              row[5],
              row[6],
              row[7],
              row[0] == 32 && row[1] == 0.05 && row[2] == 40));
    }
    return new TradeOff("calibration on 200 seeds and half of the held-out images", points);
  }
}

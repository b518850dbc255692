package io.github.cpsample.evaluation.membership;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.guard.ClassifierProbe;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.sampling.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The guard as an oracle at about ten noise levels over the whole schedule: certainty and false
 * alarms per level, and two attacks that take all levels together.
 */
final class NoiseLevelStage implements MembershipStage {

  private static final int DRAWS = 4;

  private final AttackedModel model;
  private final List<Integer> levels;
  private final Question question;
  private final long seed;
  private final Bootstrap bootstrap;

  NoiseLevelStage(AttackedModel model, Question question, long seed, Bootstrap bootstrap) {
    this.model = model;
    this.levels = NoiseLevels.of(model.bundle().manifest());
    this.question = question;
    this.seed = seed;
    this.bootstrap = bootstrap;
  }

  @Override
  public String id() {
    return "certainty-all-levels";
  }

  @Override
  public String title() {
    return "certainty of the classifier at " + levels.size() + " noise levels";
  }

  @Override
  public MembershipResult run(Progress progress) {
    try (ClassifierProbe probe =
        ClassifierProbe.open(model.bundle(), model.sampler().device(), DRAWS, seed)) {
      Question.Answers answers =
          question.ask(
              2 * levels.size() + 2,
              (candidates, first, count) ->
                  measured(probe, candidates.pictures(first, count), number(candidates) + first),
              question.counter(progress, 1));
      return new MembershipResult(attacks(answers), noiseLevels(answers));
    }
  }

  /** Held-out images are counted behind the training images. */
  private int number(Candidates candidates) {
    return candidates == question.members() ? 0 : question.members().size();
  }

  /** Uncertainty per level, then whether the gate guards, then the scores of the attacks. */
  private double[][] measured(ClassifierProbe probe, List<FloatImage> images, int first) {
    double[][] measured = new double[2 * levels.size() + 2][images.size()];
    ProtectionSettings protection = model.bundle().manifest().protection();
    int bits = probe.bits();
    for (int image = 0; image < images.size(); image++) {
      long own = seed + (long) DRAWS * (first + image);
      float[] logits = probe.logits(images.get(image), levels, own);
      double logarithms = 0;
      for (int level = 0; level < levels.size(); level++) {
        for (int draw = 0; draw < DRAWS; draw++) {
          int row = (level * DRAWS + draw) * bits;
          measured[level][image] += -Math.expm1(Certainty.log(logits, row, bits)) / DRAWS;
          logarithms += Certainty.log(logits, row, bits);
        }
        double once = Certainty.log(logits, level * DRAWS * bits, bits);
        boolean guards = Gate.guards(once, protection.alphaAt(levels.get(level)));
        measured[levels.size() + level][image] = guards ? 1 : 0;
      }
      measured[2 * levels.size()][image] = -logarithms / (levels.size() * DRAWS);
      measured[2 * levels.size() + 1][image] = -agreement(logits, bits);
    }
    return measured;
  }

  /** The mean over bits of {@code |mean tanh(z / 2)|}, {@code tanh(z / 2) = 2 p - 1}. */
  private static double agreement(float[] logits, int bits) {
    double sum = 0;
    for (int bit = 0; bit < bits; bit++) {
      double mean = 0;
      for (int i = bit; i < logits.length; i += bits) {
        mean += Math.tanh(logits[i] / 2.0);
      }
      sum += Math.abs(mean) * bits / logits.length;
    }
    return sum / bits;
  }

  private List<MembershipFigures> attacks(Question.Answers answers) {
    String settings = " (" + levels.size() + " noise levels, " + DRAWS + " draws)";
    return List.of(
        new Attack(
                "mean logarithm of the classifier's certainty" + settings,
                "what the classifier is trained for",
                Access.BUNDLE)
            .ofGuard(answers.scores(2 * levels.size()), bootstrap),
        new Attack(
                "agreement of the classifier's bits with themselves" + settings,
                "the classifier knows a fixed code of every training image; the key of the codes"
                    + " is not needed",
                Access.BUNDLE)
            .ofGuard(answers.scores(2 * levels.size() + 1), bootstrap));
  }

  private List<NoiseLevel> noiseLevels(Question.Answers answers) {
    ProtectionSettings protection = model.bundle().manifest().protection();
    List<NoiseLevel> found = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      found.add(
          new NoiseLevel(
              levels.get(level),
              protection.coversTimestep(levels.get(level)),
              bootstrap.mean(certainties(answers.members()[level])),
              bootstrap.mean(certainties(answers.others()[level])),
              share(answers.members()[levels.size() + level]),
              share(answers.others()[levels.size() + level]),
              answers.scores(level).auc(bootstrap)));
    }
    return found;
  }

  private static double[] certainties(double[] uncertainties) {
    return Arrays.stream(uncertainties).map(value -> 1 - value).toArray();
  }

  private static Rate share(double[] flags) {
    return Rate.of((int) Arrays.stream(flags).sum(), flags.length);
  }

  /** At which noise levels a classifier is examined. */
  static final class NoiseLevels {

    private static final int LEVELS = 10;

    private NoiseLevels() {}

    /**
     * Those of the model's memorisation curve, and where it has fewer than ten, the middles of ten
     * equal parts of the schedule as well.
     *
     * @return timesteps in ascending order
     */
    static List<Integer> of(Manifest manifest) {
      TreeSet<Integer> levels = new TreeSet<>();
      int all = manifest.schedule().trainTimesteps();
      manifest.memorisation().stream().map(Manifest.MemorisationPoint::t).forEach(levels::add);
      if (levels.size() < LEVELS) {
        for (int i = 0; i < LEVELS; i++) {
          levels.add((int) ((2L * i + 1) * all / (2 * LEVELS)));
        }
      }
      return List.copyOf(levels);
    }
  }
}
